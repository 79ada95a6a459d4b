add_library(flow_test_programs STATIC ${PROJECT_SOURCE_DIR}/tests/support/random_program.cpp)
target_link_libraries(flow_test_programs PUBLIC flow_ir)

flow_test(ir_test compiler/ir LINK flow_ir flow_test_programs)

add_executable(ir_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/ir_fuzz.cpp)
target_link_libraries(ir_fuzz PRIVATE flow_test_programs)
add_test(NAME ir_fuzz COMMAND ir_fuzz --seconds 3 --seed 1)

flow_test(lower_test compiler/lower LINK flow_lower)

add_executable(compile_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/compile_fuzz.cpp)
target_link_libraries(compile_fuzz PRIVATE flow_lower flow_test_places)
add_test(NAME compile_fuzz COMMAND compile_fuzz --seconds 3 --seed 1)

flow_test(fix_test compiler/fix LINK flow_fix flow_lower flow_test_compile)
flow_test(view_test compiler/view LINK flow_view flow_lower)
flow_test(review_test compiler/review LINK flow_review flow_test_compile)
