flow_library(flow_audio runtime/audio LINK flow_core flow_base fmt::fmt)
