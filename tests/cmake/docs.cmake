flow_test(docs_tests docs LINK flow_workspace flow_check flow_lower flow_rehearse flow_diag flow_telemetry flow_command_line flow_tidy)
target_sources(docs_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests/docs/pages.cpp)
