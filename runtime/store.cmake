# The journal and what is made of it.
flow_library(flow_store runtime/store LINK flow_core flow_base fmt::fmt)
