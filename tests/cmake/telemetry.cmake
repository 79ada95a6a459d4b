flow_test(telemetry_tests runtime/telemetry LINK flow_telemetry)
