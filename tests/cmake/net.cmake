flow_test(net_test runtime/net LINK flow_net)
if(TARGET net_test)
  target_link_libraries(net_test PRIVATE OpenSSL::Crypto Threads::Threads)  # certificates made for the tests
endif()
