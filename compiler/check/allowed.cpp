#include "compiler/check/allowed.h"

#include <algorithm>
#include <optional>

#include "compiler/parse/split.h"
#include "compiler/parse/tokens.h"

namespace flow::check {
namespace {

using parse::Token;

struct Allowance {
  Span at;  // of the code
  std::string_view code;
  std::uint32_t line = 0;  // where it counts
  bool reasoned = false;
  bool used = false;
};

// Walks over the words of one comment.
struct Words {
  std::string_view text;
  std::uint32_t begin;

  void skip() {
    const auto n = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(n);
    begin += static_cast<std::uint32_t>(n);
  }
  auto take(std::string_view expected) -> bool {
    skip();
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    begin += static_cast<std::uint32_t>(expected.size());
    return true;
  }
  auto word() -> std::string_view {
    skip();
    const auto n = std::min(text.find_first_of(" \t\r,"), text.size());
    const auto out = text.substr(0, n);
    text.remove_prefix(n);
    begin += static_cast<std::uint32_t>(n);
    return out;
  }
};

auto read(const SourceFile& source, const Token& comment, std::uint32_t line, std::vector<Allowance>& out) -> void {
  Words words{source.text(comment.at), comment.at.begin};
  if (!words.take("//") || !words.take("flow:") || !words.take("allow")) return;
  const auto first = out.size();
  do {
    words.skip();
    const auto begin = words.begin;
    const auto code = words.word();
    if (code.empty()) break;
    out.push_back({{source.id(), begin, words.begin}, code, line});
  } while (words.take(","));
  const bool reasoned = words.take("because") && !words.word().empty();
  for (auto i = first; i < out.size(); ++i) out[i].reasoned = reasoned;
}

// Of one declaration with what is above it: only those that speak of it are read for their comments.
void read_piece(const SourceFile& source, std::uint32_t begin, std::string_view text, std::vector<Allowance>& out) {
  if (text.find("flow:") == text.npos) return;
  const auto tokens = parse::tokens({source.id(), {}, std::string{text}});
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != Token::Kind::Comment) continue;
    const Token comment{tokens[i].kind, {source.id(), begin + tokens[i].at.begin, begin + tokens[i].at.end}};
    const auto line = source.position(comment.at.begin).line;
    const bool alone = i == 0 || tokens[i - 1].kind == Token::Kind::LineEnd;
    read(source, comment, alone ? line + 1 : line, out);
  }
}

auto allowances(const SourceFile& source) -> std::vector<Allowance> {
  std::vector<Allowance> out;
  const std::string_view text = source.text();
  if (text.find("flow:") == text.npos || first_bad_utf8(text) || text.size() > SourceFile::BytesMax) return out;
  const auto begins = parse::split(text);
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const auto end = i + 1 < begins.size() ? begins[i + 1] : text.size();
    read_piece(source, begins[i], text.substr(begins[i], end - begins[i]), out);
  }
  return out;
}

auto severity_of(std::string_view code) -> std::optional<diag::Severity> {
  const auto& all = diag::all_entries();
  const auto found = std::ranges::find(all, code, &diag::Entry::code);
  return found == all.end() ? std::nullopt : std::optional{found->severity};
}

auto covers(const Sources& sources, const Allowance& allowance, const diag::Diagnostic& d) -> bool {
  return d.severity == diag::Severity::Warning && d.code == allowance.code && d.at.file == allowance.at.file &&
         sources[d.at.file].position(d.at.begin).line == allowance.line;
}

}  // namespace

void take_allowed_away(const std::vector<const Module*>& complete, Checked& checked) {
  std::vector<Allowance> all;
  for (const auto& module : checked.modules) {
    if (module->standard) continue;
    const auto some = allowances(checked.sources[module->tree.id]);
    all.insert(all.end(), some.begin(), some.end());
  }
  if (all.empty()) return;
  checked.report.weigh([&](const diag::Diagnostic& d) -> std::optional<diag::Severity> {
    bool allowed = false;
    for (auto& allowance : all) {
      if (!covers(checked.sources, allowance, d)) continue;
      allowance.used = allowed = true;
    }
    return allowed ? std::nullopt : std::optional{d.severity};
  });
  for (const auto& allowance : all) {
    const diag::Name code{std::string(allowance.code)};
    const auto severity = severity_of(allowance.code);
    const auto known = [&](const Module* module) { return module->tree.id == allowance.at.file; };
    if (!severity)
      checked.report.add(allowance.at, diag::NotAllowable, code, diag::Text{"there is no message of this code"});
    else if (*severity == diag::Severity::Error)
      checked.report.add(allowance.at, diag::NotAllowable, code, diag::Text{"it is an error"});
    else if (!allowance.reasoned)
      checked.report.add(allowance.at, diag::NoReason, code, code);
    else if (!allowance.used && std::ranges::any_of(complete, known))
      checked.report.add(allowance.at, diag::AllowsNothing, code);
  }
}

}  // namespace flow::check
