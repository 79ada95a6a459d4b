flow_test(flow_simulate_test runtime/simulate LINK flow_simulate)
