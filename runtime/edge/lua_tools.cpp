#include "runtime/edge/lua_tools.h"

namespace flow::edge {

namespace {

class LuaTools final : public ToolRunner {
 public:
  explicit LuaTools(tools::Setup setup) : runner_(std::move(setup)) {}
  void start(const core::StartTool& order) override { runner_.start(order); }
  void stop(const core::StopTool& order) override { runner_.stop(order); }

 private:
  tools::Runner runner_;
};

}  // namespace

auto lua_tools(tools::Setup setup) -> MakeTools {
  return [setup = std::move(setup)](Report report) {
    auto own = setup;
    own.report = std::move(report);
    return std::make_unique<LuaTools>(std::move(own));
  };
}

}  // namespace flow::edge
