flow_test(workspace_test compiler/lsp LINK flow_workspace flow_check)
flow_test(lsp_test lsp LINK flow_lsp flow_workspace flow_json)

# An editor at the real server. Skipped, and said so, where there is none.
if(TARGET flowc)
  add_test(NAME neovim COMMAND ${PROJECT_SOURCE_DIR}/editors/neovim/test/run $<TARGET_FILE:flowc> ${PROJECT_BINARY_DIR})
  set_tests_properties(neovim PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 150)
endif()
