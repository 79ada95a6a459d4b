flow_library(flow_json runtime/json LINK flow_ir flow_base fmt::fmt)
