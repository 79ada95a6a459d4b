flow_library(flow_telemetry runtime/telemetry LINK flow_audio flow_core flow_ir flow_base fmt::fmt)
