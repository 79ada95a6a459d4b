# How a tool runs. Lua is linked as C++ (`lua5.4-c++`): its errors are exceptions, so that objects on the stack are
# destroyed. Its headers are included in runtime/tools/lua only.
pkg_check_modules(Lua REQUIRED IMPORTED_TARGET lua5.4-c++)

flow_library(flow_tools runtime/tools LINK flow_core flow_net flow_ir flow_base fmt::fmt)
