# The back of the compiler: the contract with the runtime, and what makes it from a checked tree.
find_package(OpenSSL REQUIRED)

# OpenSSL is used by hash.cpp alone: SHA-256 of the text form.
flow_library(flow_ir compiler/ir LINK flow_base fmt::fmt OpenSSL::Crypto)

flow_library(flow_lower compiler/lower LINK flow_check flow_parse flow_ast flow_diag flow_ir flow_base fmt::fmt)
