flow_test(core_test runtime/core LINK flow_explore flow_core flow_ir)
flow_test(explore_test runtime/explore LINK flow_explore flow_core flow_ir)
