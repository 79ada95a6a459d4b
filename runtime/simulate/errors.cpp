#include "runtime/simulate/service_impl.h"

namespace flow::simulate {

// Everything a client does wrong is answered the same way: the session stays, and `event_id` names the culprit.
void Service::Impl::refuse(std::string code, std::string message, std::string param) {
  server::ErrorInfo info;
  info.type = "invalid_request_error";
  info.code = std::move(code);
  info.message = std::move(message);
  info.param = or_null(param.empty() ? std::nullopt : std::optional(std::move(param)));
  info.event_id = or_null(event_id.empty() ? std::nullopt : std::optional(event_id));
  desk.emit(server::Error{std::move(info)});
}

void Service::Impl::refuse(const wire::openai::Refusal& refusal) { refuse(refusal.code, refusal.message, refusal.param); }

}  // namespace flow::simulate
