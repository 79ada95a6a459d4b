flow_library(flow_channels runtime/channels LINK flow_device flow_audio flow_net flow_core flow_base fmt::fmt)
