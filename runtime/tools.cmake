# How a tool runs. Lua is linked as C++ (`lua5.4-c++`): its errors are exceptions, so that objects on the stack are
# destroyed. Its headers are included in runtime/tools/lua only.
pkg_check_modules(Lua REQUIRED IMPORTED_TARGET GLOBAL lua5.4-c++)

flow_library(flow_lua runtime/tools/lua LINK flow_json flow_net flow_ir flow_base fmt::fmt)
target_link_libraries(flow_lua PRIVATE PkgConfig::Lua)
flow_library(flow_mcp runtime/tools/mcp LINK flow_json flow_net flow_ir flow_base fmt::fmt)
flow_library(flow_tools runtime/tools LINK flow_lua flow_mcp flow_sqlite flow_core flow_json flow_net flow_ir flow_base fmt::fmt)
