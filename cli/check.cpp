#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/commands.h"
#include "cli/exploring.h"
#include "cli/flow_files.h"
#include "cli/version.h"
#include "cli/watcher.h"
#include "compiler/diag/render.h"
#include "compiler/ir/hash.h"
#include "compiler/lower/compile.h"
#include "runtime/tools/runner.h"

namespace flow::cli {
namespace {

constexpr std::uint64_t MomentsMin = 5'000;      // for each flow, however many there are
constexpr std::uint64_t MomentsMax = 3'000'000;  // with `--bound`

// What only Lua itself can say of the tools' files. Says it, and whether there was nothing.
auto tools_load(const ir::Program& program, const Console& console) -> bool {
  const auto errors = tools::check_tools(program);
  for (const auto& error : errors) console.fail(error);
  return errors.empty();
}

auto count(std::size_t n, const char* what) -> std::string { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

// `5 files, 2 of them flows, 1 only imported`: what is a way in, and what is read because others need it.
auto describe_files(const check::Checked& checked) -> std::string {
  const auto is_ours = [](const auto& module) { return !module->standard; };
  const auto is_flow = [](const auto& module) { return !module->tree.flows.empty(); };
  const auto is_imported = [](const auto& module) { return !module->standard && !module->root; };
  const auto files = static_cast<std::size_t>(std::ranges::count_if(checked.modules, is_ours));
  const auto flows = static_cast<std::size_t>(std::ranges::count_if(checked.modules, is_flow));
  const auto imported = static_cast<std::size_t>(std::ranges::count_if(checked.modules, is_imported));
  auto out = count(files, "file");
  if (files > 1) out += fmt::format(" ({}{})", count(flows, "flow"), imported ? fmt::format(", {} imported", imported) : "");
  return out;
}

void print_summary(const check::Checked& checked, const Console& console) {
  if (console.quiet) return;
  const auto& report = checked.report;
  const auto files = checked.modules.empty() ? "nothing read" : describe_files(checked);
  if (report.errors() + report.warnings() == 0) return console.print(fmt::format("{}: nothing wrong\n", files));
  console.print(fmt::format("{}: {}, {}; flowc explain CODE says more\n", files, count(report.errors(), "error"), count(report.warnings(), "warning")));
}

// What a call may come to, as far as it was looked at. The bound is one for all flows together. A file of tests is the
// flow that it imports, which is looked at once.
auto explore(const Check& check, const lower::CompiledFiles& compiled) -> std::vector<FlowExplored> {
  std::set<std::string> known;
  std::vector<const ir::Program*> each;
  for (const auto& program : compiled.programs) {
    if (known.insert(ir::content_hash(program)).second) each.push_back(&program);
  }
  prove::Bound bound;
  bound.moments = std::max<std::uint64_t>(bound.moments / std::max<std::size_t>(1, each.size()), MomentsMin);
  if (check.bound) bound = {*check.bound, MomentsMax};
  std::vector<FlowExplored> out;
  for (const auto* program : each) out.push_back(explore_flow(*program, compiled.checked, bound));
  return out;
}

auto with_explored(std::string json, const std::vector<FlowExplored>& explored) -> std::string {
  json.pop_back();
  return json + ",\"explored\":" + explored_as_json(explored) + "}";
}

void print(const check::Checked& checked, Check::Form form, bool tools_load, const std::vector<FlowExplored>& explored, const Console& console) {
  const auto& report = checked.report;
  const auto& sources = checked.sources;
  switch (form) {
    case Check::Form::Json: return console.print(with_explored(diag::render_json(report, sources), explored) + "\n");
    case Check::Form::Sarif: return console.print(diag::render_sarif(report, sources, Version) + "\n");
    case Check::Form::GitHub: return console.print(diag::render_github(report, sources));
    case Check::Form::Text: break;
  }
  if (!console.quiet || report.has_errors()) console.print(diag::render(report, sources, {.colour = console.colour}));
  if (tools_load) print_summary(checked, console);
  if (!console.quiet || report.has_errors()) console.print(explored_as_text(explored));
}

auto check_once(const Check& check, const std::vector<std::string>& files, const check::LoadOptions& options, const Console& console) -> int {
  auto compiled = lower::compile_files(files, options);
  auto& checked = compiled.checked;
  checked.report.weigh(diag::weight(check.levels));
  bool good = true;
  for (const auto& program : compiled.programs) good = tools_load(program, console) && good;
  std::vector<FlowExplored> explored;
  if (!check.no_explore && !checked.report.has_errors()) explored = explore(check, compiled);
  for (const auto& flow : explored) {
    for (const auto& broken : flow.broken) checked.report.append(broken);
  }
  print(checked, check.form, good, explored, console);
  return good && !checked.report.has_errors() ? 0 : 1;
}

auto folders_of(const std::vector<std::string>& paths) -> std::vector<std::string> {
  std::vector<std::string> out;
  std::ranges::copy_if(paths, std::back_inserter(out), [](const std::string& path) {
    std::error_code error;
    return std::filesystem::is_directory(path, error);
  });
  return out;
}

// Until Ctrl-C.
auto check_for_ever(const Check& check, const Console& console) -> int {
  Watcher watcher;
  for (;;) {
    std::vector<std::string> seen;
    check::LoadOptions options;
    options.read = [&](const std::string& path) {
      seen.push_back(path);
      return check::read_from_disk(path);
    };
    // A folder may become empty and full again while we watch.
    const auto code = check_once(check, find_flows(check.paths).value_or(std::vector<std::string>{}), options, console);
    watcher.watch(seen, folders_of(check.paths));
    console.print(fmt::format("watching {}; Ctrl-C ends\n", count(seen.size(), "file")));
    const auto changed = watcher.wait();
    if (changed.empty()) return code;
    const auto path = std::filesystem::path{changed}.lexically_proximate(std::filesystem::current_path()).string();
    console.print(fmt::format("\n{}{} changed{}\n", console.colour ? "\x1b[1m" : "", path, console.colour ? "\x1b[0m" : ""));
  }
}

}  // namespace

auto perform(const Check& check, const Console& console) -> int {
  const auto files = find_flows(check.paths);
  if (!files) {
    console.fail(files.error());
    return 2;
  }
  return check.watch ? check_for_ever(check, console) : check_once(check, *files, {}, console);
}

}  // namespace flow::cli
