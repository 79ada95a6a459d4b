# The front of the compiler: source text to a checked tree.
flow_library(flow_ast compiler/ast LINK flow_base)
