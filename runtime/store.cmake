# The journal and what is made of it.
flow_library(flow_store runtime/store LINK flow_core flow_audio flow_wire flow_sqlite flow_ir flow_base fmt::fmt)
target_link_libraries(flow_store PUBLIC Threads::Threads)
