flow_test(rehearse_test runtime/rehearse LINK flow_rehearse flow_lower flow_diag)
