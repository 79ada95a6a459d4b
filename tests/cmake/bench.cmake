flow_bench(core_bench core_bench.cpp LINK flow_core)
