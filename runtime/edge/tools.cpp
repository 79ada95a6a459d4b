#include "runtime/edge/tools.h"

namespace flow::edge {

namespace {

class Tools final : public ToolRunner {
 public:
  explicit Tools(tools::Setup setup) : runner_(std::move(setup)) {}
  void start(const core::StartTool& order) override { runner_.start(order); }
  void stop(const core::StopTool& order) override { runner_.stop(order); }

 private:
  tools::Runner runner_;
};

}  // namespace

auto run_tools(tools::Setup setup) -> MakeTools {
  return [setup = std::move(setup)](Report report) {
    auto own = setup;
    own.report = std::move(report);
    return std::make_unique<Tools>(std::move(own));
  };
}

}  // namespace flow::edge
