flow_bench(lsp_bench lsp_bench.cpp LINK flow_lsp flow_workspace flow_lower flow_check)
