#pragma once
// A tool's call as a request over HTTP, and the answer to it as an outcome. Pure.

#include "compiler/base/result.h"
#include "runtime/net/http.h"
#include "runtime/tools/doer.h"
#include "runtime/tools/settings.h"

namespace flow::tools {

// Values in the path are escaped, and none can change which path it is: one that is empty, `.` or `..` is R0220. What
// stands nowhere else goes into the query (GET, HEAD, DELETE) or is the body, as JSON. Without the service's key.
auto request_of(const ir::Program& program, const Task& task, const Settings& settings) -> Result<net::HttpRequest>;

// 2xx is the result. 408, 429 and 5xx are worth another try (R0208), other refusals are not (R0207); 404 for a GET
// whose result is optional is none.
auto outcome_of(const ir::Program& program, const ir::Tool& tool, const Result<net::HttpResponse>& answer) -> Outcome;

// Why a service said no, for a message: its status and the beginning of what it said.
auto refusal(const std::string& who, const net::HttpResponse& answer) -> Failed;

// As in RFC 3986: letters, digits and -._~ stay.
auto escaped(std::string_view text) -> std::string;

}  // namespace flow::tools
