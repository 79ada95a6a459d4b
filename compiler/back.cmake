# The back of the compiler: the contract with the runtime, and what makes it from a checked tree.
find_package(OpenSSL REQUIRED)

# OpenSSL is used by hash.cpp alone: SHA-256 of the text form.
flow_library(flow_ir compiler/ir LINK flow_base fmt::fmt OpenSSL::Crypto)

flow_library(flow_review compiler/review LINK flow_check flow_parse flow_ast flow_diag flow_ir flow_base fmt::fmt)

flow_library(flow_lower compiler/lower LINK flow_review flow_check flow_parse flow_ast flow_diag flow_ir flow_base fmt::fmt)

# The edits that messages offer.
flow_library(flow_fix compiler/fix LINK flow_lower flow_check flow_diag flow_base fmt::fmt)

# A program for people. Graphviz lays its pictures out, in layout.cpp alone.
pkg_check_modules(Graphviz REQUIRED IMPORTED_TARGET libgvc libcgraph)
flow_library(flow_view compiler/view LINK flow_check flow_parse flow_ast flow_diag flow_ir flow_base fmt::fmt)
target_include_directories(flow_view SYSTEM PRIVATE ${Graphviz_INCLUDE_DIRS})
target_link_libraries(flow_view PRIVATE PkgConfig::Graphviz)

# What an editor asks.
flow_library(flow_workspace compiler/lsp LINK flow_fix flow_view flow_format flow_lower flow_review flow_check flow_parse flow_ast flow_diag flow_ir flow_base fmt::fmt)
