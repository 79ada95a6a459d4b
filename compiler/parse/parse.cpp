#include "compiler/parse/parse.h"

#include <fmt/format.h>

#include "compiler/parse/builder.h"
#include "compiler/parse/layout.h"
#include "compiler/parse/recover.h"

namespace flow::parse {
namespace {

using antlr4::CommonToken;

// Our tokens as the parser wants them. It counts in bytes; the end is one past the last.
auto to_antlr(const Lexemes& tokens) -> std::vector<std::unique_ptr<antlr4::Token>> {
  std::vector<std::unique_ptr<antlr4::Token>> out;
  out.reserve(tokens.size());
  for (const auto& token : tokens) {
    auto made = std::make_unique<CommonToken>(std::pair<antlr4::TokenSource*, antlr4::CharStream*>{}, token.type,
                                              antlr4::Token::DEFAULT_CHANNEL, token.begin, token.end);
    made->setLine(token.line);
    out.push_back(std::move(made));
  }
  return out;
}

// The lines about which the passes before the parser have spoken.
auto quiet_lines(const SourceFile& source, const diag::Report& report, std::size_t from) -> std::set<std::uint32_t> {
  std::set<std::uint32_t> out;
  for (std::size_t i = from; i < report.all().size(); ++i) out.insert(source.position(report.all()[i].at.begin).line);
  return out;
}

auto readable(const SourceFile& source, diag::Report& report) -> bool {
  if (source.text().size() > SourceFile::BytesMax) {
    report.add({source.id(), 0, 0}, diag::FileTooBig, diag::Text{source.path()}, diag::Count{SourceFile::BytesMax});
    return false;
  }
  const auto bad = first_bad_utf8(source.text());
  if (!bad) return true;
  const auto at = static_cast<std::uint32_t>(*bad);
  report.add({source.id(), at, at + 1}, diag::NotUtf8,
             diag::Text{fmt::format("0x{:02X}", static_cast<unsigned char>(source.text()[*bad]))});
  return false;
}

auto parse_text(const SourceFile& source, bool goes_on, diag::Report& report) -> ast::File {
  if (!readable(source, report)) return {.id = source.id(), .complete = false};
  const auto said = report.all().size();
  auto lexed = lex(source, report);
  auto tokens = close_texts(std::move(lexed.tokens), source, report);
  tokens = end_lines(close_braces(std::move(tokens), source, report));
  if (!shallow_enough(tokens, source, report)) return {.id = source.id(), .complete = false};

  antlr4::ListTokenSource list{to_antlr(tokens)};
  antlr4::CommonTokenStream stream{&list};
  flow_grammar::FlowParser parser{&stream};
  parser.removeErrorListeners();
  parser.setErrorHandler(std::make_shared<Recovery>(source, report, quiet_lines(source, report, said), goes_on));
  // The grammar needs no context to decide (a test compares with full LL), so the fast prediction is the right one.
  parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  return Builder{source, lexed.docs, report}.file(*parser.file());
}

}  // namespace

auto parse(const SourceFile& source, diag::Report& report) -> ast::File { return parse_text(source, false, report); }
auto parse_part(const SourceFile& source, diag::Report& report) -> ast::File { return parse_text(source, true, report); }

}  // namespace flow::parse
