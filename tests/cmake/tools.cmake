flow_test(store_test runtime/store LINK flow_store)
flow_test(tools_test runtime/tools LINK flow_tools)
flow_test(lua_test runtime/tools/lua LINK flow_lua)
if(TARGET lua_test)
  target_link_libraries(lua_test PRIVATE PkgConfig::Lua)  # compares with Lua's own library
endif()

add_executable(journal_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/journal_fuzz.cpp)
target_link_libraries(journal_fuzz PRIVATE flow_options flow_store)
add_test(NAME journal_fuzz COMMAND journal_fuzz --seconds 3 --seed 1)
add_executable(lua_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/lua_fuzz.cpp)
target_link_libraries(lua_fuzz PRIVATE flow_options flow_lua)
add_test(NAME lua_fuzz COMMAND lua_fuzz --seconds 3 --seed 1)
