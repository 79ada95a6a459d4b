#pragma once
// Who may come in, and as what: the HTTP request of a client, judged before there is a connection.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/net/endpoint.h"
#include "runtime/simulate/options.h"
#include "runtime/wire/openai/reader.h"

namespace flow::simulate {

struct Knock {
  std::string target;  // path and query
  net::Headers headers;
  std::vector<std::string> subprotocols;
  bool websocket = false;
};

struct Welcome {
  int status = 101;                                 // else the answer to the request, with `body`
  std::string body;
  std::string subprotocol;                          // chosen; empty: none
  std::string model;
  bool transcription_only = false;
  Chaos chaos;                                      // the server's and what `?chaos=` asks for
  std::optional<wire::openai::Refusal> turned_away; // told as an error event, then closed with 4000
};

auto judge(const Knock& knock, const Options& options) -> Welcome;

}  // namespace flow::simulate
