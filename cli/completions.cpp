// What bash, zsh and fish need to complete commands, options, their words and the names of flows. All of it is made from
// the table of commands.

#include "cli/completions.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/command_line.h"

namespace flow::cli {
namespace {

using Table = std::vector<CommandRow>;

auto joined(const std::vector<std::string>& words) -> std::string { return fmt::format("{}", fmt::join(words, " ")); }

auto names_of(const CommandRow& command) -> std::vector<std::string> {
  std::vector<std::string> out;
  for (const auto& option : command.options) out.insert(out.end(), option.names.begin(), option.names.end());
  return out;
}

// In single quotes, for a shell.
auto quoted(std::string_view text) -> std::string {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return out + "'";
}

auto bash(const Table& table) -> std::string {
  std::string commands, options, words;
  for (const auto& command : table) {
    commands += (commands.empty() ? "" : " ") + command.name;
    options += fmt::format("    {}) options='{}' ;;\n", command.name, joined(names_of(command)));
    for (const auto& option : command.options) {
      if (option.words.empty()) continue;
      for (const auto& name : option.names) words += fmt::format("    '{} {}') COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n", command.name, name, joined(option.words));
    }
  }
  return fmt::format(R"(# bash completion of flowc, made by `flowc completions bash`
_flowc() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command='' options='' i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    [[ ${{COMP_WORDS[i]}} != -* ]] && {{ command=${{COMP_WORDS[i]}}; break; }}
  done
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W '{} --help --version' -- "$word"))
    return
  fi
  case "$command $before" in
{}    'completions completions') COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")); return ;;
  esac
  case $command in
{}  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  else
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -X '!*.flow' -- "$word") $(compgen -d -- "$word"))
  fi
}}
complete -F _flowc flowc
)",
                     commands, words, options);
}

auto zsh_text(std::string_view text) -> std::string {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

auto zsh(const Table& table) -> std::string {
  std::string commands, cases;
  for (const auto& command : table) {
    commands += fmt::format("    {}\n", quoted(command.name + ":" + zsh_text(command.description)));
    cases += fmt::format("    {})\n      _arguments", command.name);
    for (const auto& option : command.options) {
      auto value = std::string{};
      if (!option.words.empty()) value = fmt::format(":value:({})", joined(option.words));
      else if (!option.value.empty()) value = fmt::format(":{}:_files", zsh_text(option.value));
      for (const auto& name : option.names) cases += fmt::format(" \\\n        {}", quoted(fmt::format("{}[{}]{}", name, zsh_text(option.description), value)));
    }
    if (command.name == "completions") cases += " \\\n        '*:shell:(bash zsh fish)'";
    else if (!command.positionals.empty()) cases += " \\\n        '*:flow:_files -g \"*.flow(-.) *(-/)\"'";
    cases += " ;;\n";
  }
  return fmt::format(R"(#compdef flowc
# zsh completion of flowc, made by `flowc completions zsh`
_flowc() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
_flowc "$@"
)",
                     commands, cases);
}

auto fish(const Table& table) -> std::string {
  std::string out = "# fish completion of flowc, made by `flowc completions fish`\ncomplete -c flowc -f\n";
  for (const auto& command : table) out += fmt::format("complete -c flowc -n __fish_use_subcommand -a {} -d {}\n", command.name, quoted(command.description));
  for (const auto& command : table) {
    const auto here = fmt::format("complete -c flowc -n '__fish_seen_subcommand_from {}'", command.name);
    if (command.name == "completions") out += here + " -a 'bash zsh fish'\n";
    else if (!command.positionals.empty()) out += here + " -k -a '(__fish_complete_suffix .flow)'\n";
    for (const auto& option : command.options) {
      out += here;
      for (const auto& name : option.names) out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!option.words.empty()) out += fmt::format(" -x -a {}", quoted(joined(option.words)));
      else if (!option.value.empty()) out += " -r -F";
      out += fmt::format(" -d {}\n", quoted(option.description));
    }
  }
  return out;
}

}  // namespace

auto completions_for(const std::string& shell) -> std::string {
  const auto table = command_table();
  if (shell == "bash") return bash(table);
  return shell == "zsh" ? zsh(table) : fish(table);
}

}  // namespace flow::cli
