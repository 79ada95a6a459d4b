flow_library(flow_rehearse runtime/rehearse LINK flow_explore flow_core flow_ir flow_base fmt::fmt)
