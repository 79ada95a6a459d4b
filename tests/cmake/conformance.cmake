# The vendors' own clients against the simulated service. Skipped where the conformance folder is not.
if(TARGET flowc)
  add_test(NAME conformance COMMAND ${PROJECT_SOURCE_DIR}/tests/conformance/run.sh $<TARGET_FILE:flowc> ${PROJECT_BINARY_DIR})
  set_tests_properties(conformance PROPERTIES LABELS conformance SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()

# A server made with the Model Context Protocol's own SDK. Skipped where that cannot be had.
if(TARGET flowc)
  add_test(NAME mcp_conformance COMMAND ${PROJECT_SOURCE_DIR}/tests/conformance/mcp/run.sh $<TARGET_FILE:flowc> ${PROJECT_BINARY_DIR})
  set_tests_properties(mcp_conformance PROPERTIES LABELS conformance SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()
