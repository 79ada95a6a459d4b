flow_test(store_test runtime/store LINK flow_store)
flow_test(lua_test runtime/tools/lua LINK flow_lua)
target_link_libraries(lua_test PRIVATE PkgConfig::Lua)
