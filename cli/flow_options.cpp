#include "cli/flow_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "compiler/diag/nearest.h"

namespace flow::cli {
namespace {

constexpr auto CheckExamples = R"(Examples:
  flowc check support.flow
  flowc check flows examples                      every .flow file below these folders
  flowc check flows --deny warnings --format github
  flowc check flows --format sarif > flows.sarif
  flowc check support.flow --watch                again whenever a file of it changes

A comment takes a warning away where it stands: // flow: allow F0501 because …
Exit codes: 0 nothing wrong but warnings, 1 errors, 2 wrong usage.
)";

// The code of a warning, in capitals.
auto warning_code(std::string code) -> std::string {
  for (auto& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (diag::is_warning(code)) return code;
  std::vector<std::string_view> warnings;
  for (const auto& entry : diag::all_entries()) {
    if (entry.code == code) throw CLI::ValidationError(fmt::format("{} is an error and stays one; only warnings can be weighed", code));
    if (entry.severity == diag::Severity::Warning) warnings.push_back(entry.code);
  }
  const auto meant = diag::nearest(code, warnings);
  throw CLI::ValidationError(fmt::format("there is no warning {}{}", code, meant ? fmt::format("; did you mean {}?", *meant) : ""));
}

void add_level(CLI::App& command, const char* name, diag::Level level, diag::Levels& levels, const char* description) {
  const auto take = [level, &levels](const std::vector<std::string>& codes) {
    for (const auto& code : codes) {
      if (level == diag::Level::Deny && code == "warnings")
        levels.deny_warnings = true;
      else
        levels.choices.push_back({warning_code(code), level});
    }
  };
  command.add_option_function<std::vector<std::string>>(name, take, description)->delimiter(',')->allow_extra_args(false)->type_name("CODE")->trigger_on_parse();
}

}  // namespace

void add_options(CLI::App& command, Check& check) {
  command.add_option("FILES", check.paths, "flows, and folders of flows")->required()->type_name(" ");
  const std::map<std::string, Check::Form> forms{{"text", Check::Form::Text}, {"json", Check::Form::Json}, {"sarif", Check::Form::Sarif}, {"github", Check::Form::GitHub}};
  command.add_option_function<std::string>("--format", [&check, forms](const std::string& form) { check.form = forms.at(form); }, "text (default), json, sarif (2.1.0) or github (Actions)")
      ->check(CLI::IsMember({"text", "json", "sarif", "github"}).description(""))->type_name("FORM");
  add_level(command, "--deny", diag::Level::Deny, check.levels, "make a warning an error; `warnings`: all that are not named");
  add_level(command, "--warn", diag::Level::Warn, check.levels, "leave it a warning, whatever --deny says of all");
  add_level(command, "--allow", diag::Level::Allow, check.levels, "say nothing of it");
  command.add_flag("--watch", check.watch, "check again whenever a file changes");
  command.footer(CheckExamples);
}

}  // namespace flow::cli
