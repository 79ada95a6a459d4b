flow_library(flow_json runtime/json LINK flow_ir flow_base fmt::fmt)
flow_library(flow_wire runtime/wire LINK flow_json flow_core flow_ir flow_base fmt::fmt)
flow_library(flow_wire_openai runtime/wire/openai LINK flow_wire flow_json flow_audio flow_core flow_ir flow_base fmt::fmt)
