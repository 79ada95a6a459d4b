#pragma once
// Small programs compiled in memory, for tests of lowering.

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "compiler/lower/compile.h"

namespace flow::test {

using Files = std::map<std::string, std::string>;

inline auto reading(Files files) -> check::LoadOptions {
  check::LoadOptions options;
  options.read = [files = std::move(files)](const std::string& path) -> Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return failure("F0801", "no such file");
    return found->second;
  };
  return options;
}

// One file, and others that it reads.
inline auto lowered(const std::string& source, Files others = {}) -> lower::Compiled {
  others["main.flow"] = source;
  return lower::compile("main.flow", reading(std::move(others)));
}

// A flow around declarations: an agent `desk` that starts, unless they have their own.
inline auto flow_with(const std::string& declarations, Files others = {}) -> lower::Compiled {
  const auto* desk = declarations.find("agent desk") == std::string::npos ? "agent desk { instructions \"Help.\" }\n" : "";
  return lowered("flow shop { start desk }\n" + std::string(desk) + declarations + "\n", std::move(others));
}

// What compiler/review finds in small programs has tests of its own: F0501, the twenties of F04 to F06, F11 and up.
inline auto is_of_review(std::string_view code) -> bool {
  const auto group = code.substr(1, 2);
  return code == "F0501" || (group >= "11" && group <= "13") || (group >= "04" && group <= "06" && code[3] >= '2');
}

inline auto codes(const lower::Compiled& compiled) -> std::multiset<std::string> {
  std::multiset<std::string> out;
  for (const auto& d : compiled.checked.report.all()) {
    if (!is_of_review(d.code)) out.emplace(d.code);
  }
  return out;
}

// Every message but those, one a line: `line:column code text`.
inline auto said(const lower::Compiled& compiled) -> std::string {
  std::string out;
  for (const auto& d : compiled.checked.report.sorted()) {
    if (is_of_review(d.code)) continue;
    const auto at = compiled.checked.sources[d.at.file].position(d.at.begin);
    out += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + std::string(d.code) + " " + d.text + "\n";
  }
  return out;
}

}  // namespace flow::test
