flow_test(command_line_tests cli LINK flow_command_line)

# The program as it is used: flow_test's cases run the flowc that was built.
flow_test(flowc_test flowc LINK flow_command_line flow_audio flow_net flow_sqlite flow_tidy)
if(TARGET flowc_test)
  target_sources(flowc_test PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/process.cpp)
  add_dependencies(flowc_test flowc)
endif()
