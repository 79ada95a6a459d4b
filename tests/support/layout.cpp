#include "tests/support/layout.h"

#include <fmt/format.h>

#include <random>

#include "compiler/format/format.h"
#include "compiler/ir/hash.h"
#include "compiler/lower/compile.h"
#include "compiler/parse/tokens.h"

namespace flow::test {
namespace {

using Kind = parse::Token::Kind;

class Scatter {
 public:
  Scatter(const SourceFile& source, std::uint64_t seed) : source_(source), random_(seed) {}

  auto run() -> std::string {
    for (const auto& token : parse::tokens(source_)) take(token);
    return out_;
  }

 private:
  auto once_in(unsigned n) -> bool { return random_() % n == 0; }
  auto blanks() -> std::string { return std::string(random_() % 4, once_in(8) ? '\t' : ' '); }
  auto remark() -> std::string { return fmt::format("{} {}", once_in(3) ? "///" : "//", random_() % 100); }

  void take(const parse::Token& token) {
    const auto text = source_.text(token.at);
    if (token.kind == Kind::LineEnd) return end_line();
    if (text == "{" && once_in(6)) out_ += (once_in(2) ? " " + remark() : "") + "\n";
    // Words and numbers that touch would be others.
    const bool touches = !out_.empty() && token.kind != Kind::Symbol && out_.back() != '\n';
    out_ += touches ? " " + blanks() : blanks();
    if (text == ";" && once_in(2)) return end_line();
    if (token.kind == Kind::TextBlock) out_ += shifted(text);
    else out_ += text;
    if (is_opener(text) && once_in(6)) end_line();
    if (text == "}" && once_in(10)) out_ += ";";
  }

  static auto is_opener(std::string_view text) -> bool { return text == "," || text == "(" || text == "[" || text == "{"; }

  void end_line() {
    const bool in_comment = out_.rfind("//") != out_.npos && out_.rfind('\n') + 1 <= out_.rfind("//") + 1 && out_.find('\n', out_.rfind("//")) == out_.npos;
    if (!in_comment && once_in(8)) out_ += ";";
    else if (!in_comment && once_in(12)) return;  // two lines become one
    if (!in_comment && once_in(10)) out_ += " " + remark();
    out_ += once_in(10) ? "\r\n" : "\n";
    if (once_in(12)) out_ += blanks() + remark() + "\n";
    if (once_in(8)) out_ += blanks() + "\n";
  }

  // Every line of a text block moves alike.
  auto shifted(std::string_view text) -> std::string {
    const auto shift = blanks();
    std::string out;
    for (const char c : text) {
      out += c;
      if (c == '\n') out += shift;
    }
    return out;
  }

  const SourceFile& source_;
  std::mt19937_64 random_;
  std::string out_;
};

}  // namespace

auto meaning(const std::string& path, const std::string& text) -> std::string {
  check::LoadOptions options;
  options.read = [&](const std::string& name) { return name == path ? Result<std::string>{text} : check::read_from_disk(name); };
  const auto compiled = lower::compile_files({path}, options);
  std::string out;
  for (const auto& d : compiled.checked.report.sorted()) {
    auto said = d.text;  // it may quote the file
    std::erase_if(said, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
    out += fmt::format("{} {}\n", d.code, said);
  }
  for (const auto& program : compiled.programs) out += ir::content_hash(program) + "\n";
  return out;
}

auto comments(const std::string& text) -> std::vector<std::string> {
  const SourceFile source{{0}, "", text};
  std::vector<std::string> out;
  for (const auto& token : parse::tokens(source)) {
    if (token.kind != Kind::Comment && token.kind != Kind::Doc) continue;
    std::string words{source.text(token.at)};
    words.erase(words.find_last_not_of(" \t\r") + 1);
    out.push_back(std::move(words));
  }
  return out;
}

auto scattered(const std::string& text, std::uint64_t seed) -> std::string { return Scatter{{{0}, "", text}, seed}.run(); }

auto format_and_look(const std::string& path, const std::string& text) -> Formatted {
  const auto laid_out = [&](const std::string& what) {
    diag::Report report;
    return format::format({{0}, path, what}, report);
  };
  const auto once = laid_out(text);
  if (!once) return {};
  const auto twice = laid_out(*once);
  if (!twice) return {*once, "it has errors of syntax now"};
  if (*twice != *once) return {*once, "formatting it again gives\n" + *twice};
  if (comments(*once) != comments(text)) return {*once, "its comments are others"};
  const auto before = meaning(path, text);
  const auto after = meaning(path, *once);
  if (before != after) return {*once, fmt::format("it means something else; before\n{}\nnow\n{}", before, after)};
  return {*once, std::nullopt};
}

}  // namespace flow::test
