flow_test(parse_test compiler/parse LINK flow_parse)
