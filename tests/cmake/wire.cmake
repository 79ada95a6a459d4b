flow_test(json_test runtime/json LINK flow_json)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
flow_test(wire_test runtime/wire LINK flow_wire flow_json OpenSSL::Crypto)
flow_test(wire_openai_test runtime/wire/openai LINK flow_wire_openai)
