flow_bench(replay_bench replay_bench.cpp LINK flow_store)
