#include "cli/flow_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>

#include "compiler/diag/nearest.h"

namespace flow::cli {
namespace {

constexpr auto CheckExamples = R"(Examples:
  flowc check support.flow
  flowc check                                     every .flow file below this folder
  flowc check flows examples                      every one below these
  flowc check flows --deny warnings --format github
  flowc check flows --format sarif > flows.sarif
  flowc check support.flow --watch                again whenever a file of it changes
  flowc check support.flow --bound 4              more things happening in the calls that are explored

A comment takes a warning away where it stands: // flow: allow F0501 because …
Exit codes: 0 nothing wrong but warnings, 1 errors, 2 wrong usage.
)";

// An option that takes one of some words, which its help shows.
void add_choice(CLI::App& command, const char* name, std::string& into, const std::vector<std::string>& words, const std::string& description) {
  std::string shown;
  for (const auto& word : words) shown += (shown.empty() ? "" : "|") + word;
  command.add_option(name, into, description)->check(CLI::IsMember(words).description(""))->type_name(shown);
}

void add_output(CLI::App& command, std::string& into) { command.add_option("-o,--output", into, "write it to a file")->type_name("OUT"); }

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
  command.add_option("FILES", check.paths, "flows, and folders of flows (default: this folder)")->type_name(" ");
  const std::map<std::string, Check::Form> forms{{"text", Check::Form::Text}, {"json", Check::Form::Json}, {"sarif", Check::Form::Sarif}, {"github", Check::Form::GitHub}};
  command.add_option_function<std::string>("--format", [&check, forms](const std::string& form) { check.form = forms.at(form); }, "text (default), json, sarif (2.1.0) or github (Actions)")
      ->check(CLI::IsMember({"text", "json", "sarif", "github"}).description(""))->type_name("text|json|sarif|github");
  add_level(command, "--deny", diag::Level::Deny, check.levels, "make a warning an error; `warnings`: all that are not named");
  add_level(command, "--warn", diag::Level::Warn, check.levels, "leave it a warning, whatever --deny says of all");
  add_level(command, "--allow", diag::Level::Allow, check.levels, "say nothing of it");
  command.add_flag("--watch", check.watch, "check again whenever a file changes");
  command.add_option("--bound", check.bound, "explore all calls in which so many things happen, however long it takes (3 are tried, for about a second)")->check(CLI::Range(0, 9))->type_name("N");
  command.add_flag("--no-explore", check.no_explore, "do not explore the calls that there may be");
  command.footer(CheckExamples);
}

void add_options(CLI::App& command, Fmt& fmt) {
  command.add_option("FILES", fmt.paths, "flows, folders of flows, or - for the input")->required()->type_name(" ");
  command.add_flag("--check", fmt.check, "write nothing; 1 if a file is laid out otherwise");
  command.add_flag("--stdout", fmt.to_output, "print it and write no file");
  command.footer("Examples:\n  flowc fmt flows examples\n  flowc fmt --check flows\n  flowc fmt - < support.flow\n\nLine ends and single blank lines stay; a file with errors of syntax is left alone.\n");
}

void add_options(CLI::App& command, Fix& fix) {
  command.add_option("FILES", fix.paths, "flows, and folders of flows")->required()->type_name(" ");
  command.add_flag("--dry-run", fix.dry_run, "show the change and write nothing");
  command.footer("Examples:\n  flowc fix support.flow --dry-run\n  flowc fix flows\n\nExit codes: 0 nothing is wrong any more, 1 errors are left, 2 wrong usage.\n");
}

void add_options(CLI::App& command, Policy& policy) {
  command.add_option("FLOW", policy.flow, "the flow")->required()->type_name(" ");
  command.add_option("TOOL", policy.tool, "one tool alone")->type_name(" ");
  add_choice(command, "--format", policy.form, {"text", "markdown", "html", "json"}, "a table a tool (default), or one matrix of all");
  command.footer("Examples:\n  flowc policy support.flow\n  flowc policy support.flow lookup_orders\n  flowc policy support.flow --format html > policies.html\n");
}

void add_options(CLI::App& command, Graph& graph) {
  command.add_option("FLOW", graph.flow, "the flow")->required()->type_name(" ");
  add_choice(command, "--format", graph.form, {"mermaid", "dot", "svg", "html"}, "text for others to draw (mermaid is the default), a picture, or a page to click");
  add_output(command, graph.output);
  command.footer("Examples:\n  flowc graph support.flow\n  flowc graph support.flow --format html -o support.html\n  flowc graph support.flow --format dot | dot -Tpng > support.png\n");
}

void add_options(CLI::App& command, Docs& docs) {
  command.add_option("FLOW", docs.flow, "the flow")->required()->type_name(" ");
  add_choice(command, "--format", docs.form, {"markdown", "html"}, "markdown (default), or a page of its own");
  add_output(command, docs.output);
  command.footer("Examples:\n  flowc docs support.flow > support.md\n  flowc docs support.flow --format html -o support.html\n");
}

void add_options(CLI::App& command, Diff& diff) {
  command.add_option("BEFORE", diff.before, "the flow as it was")->required()->type_name(" ");
  command.add_option("AFTER", diff.after, "the flow as it is now")->required()->type_name(" ");
  add_choice(command, "--format", diff.form, {"text", "markdown"}, "text (default), or markdown for a review");
  command.add_flag("--exit-code", diff.exit_code, "1 if they behave differently");
  command.footer("Examples:\n  flowc diff before/support.flow support.flow\n  flowc diff before/support.flow support.flow --format markdown\n");
}

void add_options(CLI::App& command, New& created) {
  command.add_option("NAME", created.name, "of the flow and of its folder")->required()->type_name(" ");
  add_choice(command, "--template", created.kind, {"minimal", "support"}, "what it begins with: one agent and a tool (default), or a whole phone line");
  command.footer("Examples:\n  flowc new bakery\n  flowc new shoes --template support\n");
}

void add_options(CLI::App& command, Completions& completions) {
  command.add_option("SHELL", completions.shell, "bash, zsh or fish")->required()->type_name(" ")->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""));
  command.footer("Examples:\n  flowc completions bash > /etc/bash_completion.d/flowc\n  flowc completions fish > ~/.config/fish/completions/flowc.fish\n");
}

void add_options(CLI::App& command, Lsp& lsp) {
  command.add_flag("--stdio", lsp.stdio, "speak on input and output, which it does anyway; some editors ask for it");
  command.footer("An editor starts it and speaks the Language Server Protocol on its input and output; docs/editors.md says how to set up\nVS Code, Neovim and Helix. Modules of the library are written to ~/.cache/flowc, for definitions to lead to.\n\nExample:\n  flowc lsp < messages > answers\n");
}

auto row_of(const CLI::App& command) -> CommandRow {
  CommandRow row{.name = command.get_name(), .description = command.get_description(), .positionals = {}, .options = {}, .footer = command.get_footer()};
  for (const auto* option : command.get_options()) {
    if (option->nonpositional()) {
      OptionRow out{.names = {}, .value = option->get_expected_max() == 0 ? "" : option->get_type_name(), .words = {}, .description = option->get_description()};
      for (const auto& name : option->get_snames()) out.names.push_back("-" + name);
      for (const auto& name : option->get_lnames()) out.names.push_back("--" + name);
      const bool words = std::ranges::all_of(out.value, [](char c) { return (c >= 'a' && c <= 'z') || c == '|'; });
      if (words && !out.value.empty()) out.words = CLI::detail::split(out.value, '|');
      row.options.push_back(std::move(out));
    } else {
      auto name = option->get_single_name();
      if (option->get_expected_max() > 1) name += "...";
      row.positionals += (row.positionals.empty() ? "" : " ") + (option->get_required() ? name : "[" + name + "]");
    }
  }
  return row;
}

}  // namespace flow::cli
