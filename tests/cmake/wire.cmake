flow_test(json_test runtime/json LINK flow_json)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
flow_test(wire_test runtime/wire LINK flow_wire flow_json OpenSSL::Crypto)
flow_test(wire_openai_test runtime/wire/openai LINK flow_wire_openai)

add_executable(wire_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/wire_fuzz.cpp)
target_link_libraries(wire_fuzz PRIVATE flow_options flow_wire_openai flow_test_places)
add_test(NAME wire_fuzz COMMAND wire_fuzz --seconds 3 --seed 1)
