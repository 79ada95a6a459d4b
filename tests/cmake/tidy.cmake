flow_library(flow_tidy tests/tidy/rules)
flow_test(tidy_tests tidy LINK flow_tidy)
