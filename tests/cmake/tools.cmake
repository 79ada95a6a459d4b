flow_test(store_test runtime/store LINK flow_store)
