flow_test(errors_tests runtime/edge/errors LINK flow_errors flow_tidy)
