# The front of the compiler: source text to a checked tree.
include(${PROJECT_SOURCE_DIR}/cmake/FlowEmbed.cmake)

flow_library(flow_ast compiler/ast LINK flow_base)

flow_library(flow_diag compiler/diag LINK flow_ir flow_base fmt::fmt)
flow_embed(catalog flow::diag catalog_pages compiler/diag/catalog *.md)
target_sources(flow_diag PRIVATE ${catalog})
