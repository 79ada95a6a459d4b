# Sockets, TLS, WebSocket, HTTP. The only home of Boost.Asio, Beast and OpenSSL: none of their headers is included by
# runtime/net's public headers, so that whoever uses them compiles quickly.
find_package(Boost 1.81 REQUIRED COMPONENTS url GLOBAL)
find_package(OpenSSL REQUIRED GLOBAL)

flow_library(flow_net runtime/net LINK flow_base)
target_link_libraries(flow_net PRIVATE Boost::url OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
# The libraries' own code is compiled once, in asio.cpp.
target_compile_definitions(flow_net PRIVATE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                                            BOOST_ASIO_NO_DEPRECATED)
