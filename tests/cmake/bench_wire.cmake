flow_bench(wire_bench wire_bench.cpp LINK flow_wire_openai)
