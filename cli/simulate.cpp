#include "runtime/simulate/server.h"

#include <fmt/format.h>

#include "cli/call_files.h"
#include "cli/commands.h"
#include "cli/connection.h"

namespace flow::cli {
namespace {

auto options_of(const Simulate& simulate) -> Result<simulate::ServeOptions> {
  simulate::ServeOptions options;
  options.wire = simulate.wire;
  options.service.seed = simulate.seed;
  options.recognise = simulate.ears == "recognise";
  if (simulate.latency) options.service.latency_min = options.service.latency_max = *simulate.latency;
  if (simulate.lifetime) options.service.lifetime = *simulate.lifetime;
  if (!simulate.key.empty()) {
    const auto key = this_environment()(simulate.key);
    if (!key) return failure("R0501", fmt::format("the environment has no {}, so there is no key to ask for", simulate.key), fmt::format("set it: export {}=…", simulate.key));
    options.service.required_key = *key;
  }
  if (auto listen = simulate::read_listen(simulate.listen, options); !listen) return tl::unexpected(listen.error());
  if (!simulate.chaos.empty()) {
    auto chaos = simulate::read_chaos(simulate.chaos);
    if (!chaos) return tl::unexpected(chaos.error());
    options.service.chaos = *chaos;
  }
  if (!simulate.script.empty()) {
    auto script = read_file(simulate.script);
    if (!script) return tl::unexpected(script.error());
    options.service.script = std::move(*script);
  }
  return options;
}

}  // namespace

auto perform(const Simulate& simulate, const Console& console) -> int {
  auto options = options_of(simulate);
  if (!options) {
    console.fail(options.error());
    return 2;
  }
  options->on_deaf = [&](const Error& error) { console.fail(error); };
  const auto served = simulate::serve(*options, [&](const std::string& url) { console.print("listening on " + url + "\n"); });
  if (served) return 0;
  console.fail(served.error());
  return served.error().code == "R0120" ? 2 : 1;  // the script is the user's own, the port and the log are the machine's
}

}  // namespace flow::cli
