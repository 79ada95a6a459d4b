flow_bench(explore_bench explore_bench.cpp LINK flow_prove flow_lower)
