// The compiled part of Boost.Asio and Beast: once here, so that it is not in every unit that uses them.

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
