flow_test(rehearse_test runtime/rehearse LINK flow_rehearse flow_lower flow_diag)
flow_test(test_report_tests cli/reports LINK flow_test_report flow_rehearse flow_lower flow_diag)
