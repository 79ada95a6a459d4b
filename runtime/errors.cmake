include(${PROJECT_SOURCE_DIR}/cmake/FlowEmbed.cmake)
flow_library(flow_errors runtime/edge/errors LINK flow_base)
flow_embed(pages flow::edge error_pages docs/errors *.md)
target_sources(flow_errors PRIVATE ${pages})
