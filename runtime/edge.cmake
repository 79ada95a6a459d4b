flow_library(flow_edge runtime/edge LINK flow_core flow_audio flow_channels flow_wire flow_wire_openai flow_net flow_tools
                                         flow_store flow_telemetry flow_ir flow_base fmt::fmt)
