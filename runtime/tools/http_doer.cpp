#include "runtime/tools/doers.h"
#include "runtime/tools/request.h"

namespace flow::tools {
namespace {

class HttpDoer final : public Doer {
 public:
  HttpDoer(const Outside& outside, Access& access) : outside_(outside), access_(access) {}

  auto start(Task task, Hearer hearer) -> std::shared_ptr<void> override {
    auto request = request_of(outside_.program, task, outside_.settings);
    if (!request) {
      auto token = std::make_shared<int>();
      outside_.loop.post([weak = std::weak_ptr(token), hearer, error = request.error()] {
        if (!weak.expired()) hearer.done(Failed{error.code, error.text});
      });
      return token;
    }
    request->deadline = std::chrono::ceil<net::Millis>(task.ends_at - outside_.loop.now());
    const auto& service = outside_.program.services[task.tool->work->service];
    return access_.send(service, *std::move(request), [this, hearer, tool = task.tool](const Result<net::HttpResponse>& answer) { hearer.done(outcome_of(outside_.program, *tool, answer)); });
  }

 private:
  const Outside& outside_;
  Access& access_;
};

}  // namespace

auto http_doer(const Outside& outside, Access& access) -> std::unique_ptr<Doer> { return std::make_unique<HttpDoer>(outside, access); }

}  // namespace flow::tools
