flow_test(store_test runtime/store LINK flow_store)
flow_test(tools_test runtime/tools LINK flow_tools)
flow_test(lua_test runtime/tools/lua LINK flow_lua)
if(TARGET lua_test)
  target_link_libraries(lua_test PRIVATE PkgConfig::Lua)  # compares with Lua's own library
endif()
