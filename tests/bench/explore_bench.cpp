// What the exploration behind `flowc check` costs: moments a second, twenty tools of which three run at a time, and a
// project of two thousand lines. The reference of the first row is what a moment cannot cost less than: a copy of its
// session and one event. That of the others is the bound that a check keeps to.

#include <string>

#include "compiler/lower/compile.h"
#include "runtime/prove/exploration.h"
#include "tests/bench/bench.h"

using namespace flow;

namespace {

constexpr double CheckMax = 2.0;  // seconds

auto project(int tools, int agents) -> std::string {
  std::string text = "flow shop { start desk0; realtime voice }\nimport std.policies\nimport std.patterns\nrealtime voice { provider simulated }\n";
  for (int i = 0; i < tools; ++i) {
    text += fmt::format(
        "\n/// Look in catalogue {0}.\ntool look{0}(query: string \"what to look for in catalogue {0}\") -> string reads {{\n  lua      \"look.lua\"\n"
        "  policy   background {{ timeout {1}s }}\n  examples \"look in catalogue {0}\"\n}}\n",
        i, 30 + i % 3);
  }
  for (int i = 0; i < agents; ++i) {
    text += fmt::format("\nagent desk{} {{\n  voice        \"marin\"\n  greet first  \"This is desk {}.\"\n  instructions \"Help with what desk {} is for.\"\n  tools        ", i, i, i);
    for (int t = 0; t < 20 && t < tools; ++t) text += fmt::format("{}look{}", t == 0 ? "" : ", ", (i * 20 + t) % tools);
    text += fmt::format("\n  handoff desk{} when \"the caller asks for desk {}\"\n}}\n", (i + 1) % agents, (i + 1) % agents);
  }
  return text;
}

auto compiled(const std::string& text) -> lower::Compiled {
  check::LoadOptions options;
  options.read = [&](const std::string& path) -> Result<std::string> {
    if (path.ends_with("page.flow")) return text;
    std::string lua;
    for (int i = 0; i < 400; ++i) lua += fmt::format("function look{}(query) end\n", i);
    return lua;
  };
  return lower::compile("page.flow", options);
}

void explore_row(const std::string& what, const ir::Program& program) {
  prove::Explored found;
  const auto took = bench::best_of(3, bench::cpu_seconds, [&] {
    const prove::Deeds deeds(program);
    found = prove::explore(program, deeds);
  });
  bench::row(fmt::format("{}, {} moments, {} things happening{}, s", what, found.moments, found.deeds, found.complete ? "" : " and some with one more"), fmt::format("{:.2f}", took),
             fmt::format("{:.1f} allowed", CheckMax), bench::ratio(took, CheckMax));
}

}  // namespace

auto main() -> int {
  const auto flow = compiled(project(6, 2));
  if (!flow.program) return 1;
  const auto& program = *flow.program;
  const prove::Deeds deeds(program);
  prove::Explored found;
  const auto took = bench::best_of(3, bench::cpu_seconds, [&] { found = prove::explore(program, deeds, {.deeds = 2, .moments = 20'000}); });

  core::Session session(program);
  core::EffectList effects;
  session.step(core::CallerConnected{"+15550100", "bench"}, {}, effects);
  constexpr int Copies = 20'000;
  const auto floor = bench::best_of(3, bench::cpu_seconds, [&] {
    for (int i = 0; i < Copies; ++i) {
      auto copy = session;
      core::EffectList out;
      copy.step(core::LinkOpened{core::Epoch{1}, {}, {}}, core::Instant{core::Millis{100}}, out);
      bench::keep(out);
    }
  });
  const auto rate = static_cast<double>(found.moments) / took, floor_rate = Copies / floor;
  bench::row("moments of calls explored, a second", fmt::format("{:.0f}", rate), fmt::format("{:.0f} copies with one event", floor_rate), bench::ratio(rate, floor_rate));

  const auto twenty = compiled(project(20, 1));
  if (twenty.program) explore_row("20 tools, 3 in flight", *twenty.program);
  auto text = project(180, 60);
  while (std::count(text.begin(), text.end(), '\n') < 2'000) text += "// a line\n";
  const auto large = compiled(text);
  if (large.program) explore_row(fmt::format("a project of {} lines", std::count(text.begin(), text.end(), '\n')), *large.program);
  return twenty.program && large.program ? 0 : 1;
}
