flow_test(workspace_test compiler/lsp LINK flow_workspace flow_check)
flow_test(lsp_test lsp LINK flow_lsp flow_workspace flow_json)

# An editor at the real server. Skipped, and said so, where there is none.
if(TARGET flowc)
  add_test(NAME neovim COMMAND ${PROJECT_SOURCE_DIR}/editors/neovim/test/run $<TARGET_FILE:flowc> ${PROJECT_BINARY_DIR})
  set_tests_properties(neovim PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 150)
endif()
# The extension for VS Code, with libraries of the npm registry. Skipped, and said so, where there is no node.
if(TARGET flowc)
  add_test(NAME vscode COMMAND ${PROJECT_SOURCE_DIR}/editors/test $<TARGET_FILE:flowc> ${PROJECT_BINARY_DIR})
  set_tests_properties(vscode PROPERTIES LABELS conformance SKIP_RETURN_CODE 77 TIMEOUT 300)
endif()

add_executable(lsp_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/lsp_fuzz.cpp)
target_link_libraries(lsp_fuzz PRIVATE flow_options flow_lsp flow_json flow_test_places)
add_test(NAME lsp_fuzz COMMAND lsp_fuzz --seconds 3 --seed 1)
