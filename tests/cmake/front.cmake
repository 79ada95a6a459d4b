add_library(flow_test_compile STATIC ${PROJECT_SOURCE_DIR}/tests/support/compile.cpp)
target_link_libraries(flow_test_compile PUBLIC flow_options flow_lower flow_check)

flow_test(base_test compiler/base LINK flow_base)
flow_test(parse_test compiler/parse LINK flow_parse flow_grammar flow_test_compile)
flow_test(check_test compiler/check LINK flow_check flow_test_compile)
flow_test(diag_test compiler/diag LINK flow_diag flow_test_compile flow_json)

# Golden programs. `golden --update tests/compiler/…` writes what the compiler says now into them.
add_executable(golden ${PROJECT_SOURCE_DIR}/tests/compiler/golden.cpp)
target_link_libraries(golden PRIVATE flow_options flow_test_compile fmt::fmt)
add_test(NAME golden COMMAND golden ${PROJECT_SOURCE_DIR}/tests/compiler/parse/golden ${PROJECT_SOURCE_DIR}/tests/compiler/check/golden ${PROJECT_SOURCE_DIR}/tests/compiler/lower/golden ${PROJECT_SOURCE_DIR}/tests/compiler/review/golden)

add_executable(parse_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/parse_fuzz.cpp)
target_link_libraries(parse_fuzz PRIVATE flow_options flow_lower flow_check flow_test_places)
add_test(NAME parse_fuzz COMMAND parse_fuzz --seconds 3 --seed 1)

add_library(flow_test_layout STATIC ${PROJECT_SOURCE_DIR}/tests/support/layout.cpp ${PROJECT_SOURCE_DIR}/tests/support/random_source.cpp)
target_link_libraries(flow_test_layout PUBLIC flow_options flow_format flow_lower flow_check)
flow_test(format_test compiler/format LINK flow_format flow_test_layout flow_test_compile)
add_executable(format_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/format_fuzz.cpp)
target_link_libraries(format_fuzz PRIVATE flow_test_layout flow_test_compile flow_test_places)
add_test(NAME format_fuzz COMMAND format_fuzz --seconds 3 --seed 1)
