flow_test(docs_tests docs LINK flow_telemetry flow_tidy)
