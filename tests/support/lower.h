#pragma once
// Small programs compiled in memory, for tests of lowering.

#include <map>
#include <set>
#include <string>

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

inline auto codes(const lower::Compiled& compiled) -> std::multiset<std::string> {
  std::multiset<std::string> out;
  for (const auto& d : compiled.checked.report.all()) out.emplace(d.code);
  return out;
}

// Every message, one a line: `line:column code text`.
inline auto said(const lower::Compiled& compiled) -> std::string {
  std::string out;
  for (const auto& d : compiled.checked.report.sorted()) {
    const auto at = compiled.checked.sources[d.at.file].position(d.at.begin);
    out += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + std::string(d.code) + " " + d.text + "\n";
  }
  return out;
}

}  // namespace flow::test
