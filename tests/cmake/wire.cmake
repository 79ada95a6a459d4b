flow_test(json_test runtime/json LINK flow_json)
