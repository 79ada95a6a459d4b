flow_test(edge_test runtime/edge LINK flow_edge)
