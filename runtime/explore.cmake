flow_library(flow_explore runtime/explore LINK flow_core flow_ir flow_base fmt::fmt)
