flow_library(flow_prove runtime/prove LINK flow_rehearse flow_explore flow_core flow_ir flow_base fmt::fmt)
