flow_bench(delays_bench delays_bench.cpp LINK flow_telemetry flow_store flow_wire flow_audio)
