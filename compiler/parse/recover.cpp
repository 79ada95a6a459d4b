#include "compiler/parse/recover.h"

#include <fmt/format.h>
#include <algorithm>

namespace flow::parse {
namespace {

using Parser = flow_grammar::FlowParser;
using antlr4::Token;

// What the rule is about, where a list of tokens would help nobody.
auto meaning(std::size_t rule, const antlr4::misc::IntervalSet& expected) -> std::string {
  const bool value = expected.contains(static_cast<std::size_t>(Parser::INT));
  const bool name = expected.contains(static_cast<std::size_t>(Parser::ID));
  switch (rule) {
    case Parser::RuleFile:
    case Parser::RuleDeclaration: return "a declaration such as `agent`, `tool` or `policy`";
    case Parser::RuleImportDecl: return "a module such as `std.policies` or a file such as \"orders.flow\"";
    case Parser::RuleType: return "a type such as `string` or `[Order]`";
    case Parser::RuleTrigger:
    case Parser::RuleEvent:
      return name ? "an event such as `silence` or `dtmf`" : "a text such as \"the caller wants to pay\"";
    case Parser::RuleEffect: return "`pure`, `reads`, `writes` or `writes once`";
    default: break;
  }
  if (value) return "a value";
  if (!name) return {};
  switch (rule) {
    case Parser::RuleBlock:
    case Parser::RuleItem:
    case Parser::RuleForm:
    case Parser::RuleFormItem:
    case Parser::RuleClauses: return "a clause";
    case Parser::RuleClause: return "a clause";
    case Parser::RuleActions:
    case Parser::RuleAction:
    case Parser::RuleBranch:
    case Parser::RuleOrElse:
    case Parser::RuleFailsClause: return "an action such as `say`";
    case Parser::RuleFields:
    case Parser::RuleParams:
    case Parser::RuleField: return "a field such as `id: string`";
    default: return "a name";
  }
}

// As it is written. ANTLR itself knows no spelling of what the lexer makes in more than one mode.
auto spelling(Parser& parser, std::size_t type) -> std::string {
  switch (type) {
    case Parser::IF: return "if";
    case Parser::ELSE: return "else";
    case Parser::AND: return "and";
    case Parser::OR: return "or";
    case Parser::NOT: return "not";
    case Parser::IN: return "in";
    case Parser::LPAREN: return "(";
    case Parser::RPAREN: return ")";
    case Parser::LBRACK: return "[";
    case Parser::RBRACK: return "]";
    case Parser::LBRACE: return "{";
    case Parser::RBRACE: return "}";
    case Parser::COMMA: return ",";
    case Parser::COLON: return ":";
    case Parser::DOT: return ".";
    case Parser::SLASH: return "/";
    case Parser::EQ: return "==";
    default: break;
  }
  const auto name = parser.getVocabulary().getLiteralName(type);  // 'agent', with these quotes
  return name.size() < 3 ? std::string{} : name.substr(1, name.size() - 2);
}

auto literal(Parser& parser, std::size_t type) -> std::string {
  switch (type) {
    case Token::EOF: return "the end of the file";
    case Parser::NL: return "the end of the line";
    case Parser::STR_OPEN:
    case Parser::TEXT_OPEN: return "a text in quotes";
    case Parser::OUTER: return "`}`";
    case Parser::INTER: return "`{`";
    case Parser::STR_CLOSE:
    case Parser::TEXT_CLOSE:
    case Parser::CHARS: return "the end of the text";
    default: break;
  }
  const auto word = spelling(parser, type);
  return word.empty() ? "a name" : fmt::format("`{}`", word);
}

auto expectation(Parser& parser, const antlr4::misc::IntervalSet& expected) -> std::string {
  const auto rule = parser.getContext() ? parser.getContext()->getRuleIndex() : INVALID_INDEX;
  if (auto text = meaning(rule, expected); !text.empty()) return text;
  constexpr std::size_t MostNamed = 3;
  std::vector<std::string> words;
  for (const auto type : expected.toList()) {
    auto word = literal(parser, static_cast<std::size_t>(type));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(std::move(word));
  }
  // Signs first: "the end of the line" is rarely what was forgotten.
  std::stable_partition(words.begin(), words.end(), [](const std::string& word) { return word.starts_with('`'); });
  if (words.size() > MostNamed) words.resize(MostNamed);
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    out += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return out.empty() ? "something else" : out;
}

// Whether an `if` stands before on this line.
auto in_condition(Parser& parser) -> bool {
  auto* tokens = parser.getTokenStream();
  for (ssize_t back = -1; tokens->LT(back) && tokens->LA(back) != Parser::NL && tokens->LA(back) != Parser::LBRACE;
       --back) {
    if (tokens->LA(back) == Parser::IF) return true;
  }
  return false;
}

// Rules that are a list between `{` and `}`.
auto is_braced(std::size_t rule) -> bool {
  return rule == Parser::RuleBlock || rule == Parser::RuleFields || rule == Parser::RuleClauses ||
         rule == Parser::RuleActions || rule == Parser::RuleForm || rule == Parser::RuleEnumDecl ||
         rule == Parser::RuleLocaleDecl;
}

auto is_reserved(std::size_t type) -> bool { return type >= Parser::IF && type <= Parser::NONE; }

}  // namespace

void Recovery::say(antlr4::Parser* recognizer, Token* found, bool insert) {
  ++errors_;
  auto& parser = dynamic_cast<Parser&>(*recognizer);
  if (!quiet_.insert(static_cast<std::uint32_t>(found->getLine())).second) return;

  const auto expected = parser.getExpectedTokens();
  const auto type = found->getType();
  Span at{source_.id(), static_cast<std::uint32_t>(found->getStartIndex()),
          static_cast<std::uint32_t>(found->getStopIndex())};
  std::string seen;
  if (type == Token::EOF || type == Parser::NL) {
    seen = type == Token::EOF && !goes_on_ ? "the end of the file" : "the end of the line";
    // Right after the last thing that stands there, not on the next line.
    const auto* last = parser.getTokenStream()->LT(-1);
    if (last && last->getStopIndex() != INVALID_INDEX)
      at.begin = at.end = static_cast<std::uint32_t>(last->getStopIndex());
  } else if (type == Parser::STR_OPEN || type == Parser::TEXT_OPEN || type == Parser::CHARS) {
    seen = "a text";
  } else {
    seen = fmt::format("`{}`{}", source_.text(at), is_reserved(type) ? ", a reserved word" : "");
  }
  if (type == Parser::ASSIGN && in_condition(parser)) {
    report_.add(at, diag::Expected, diag::Text{"`==`, which compares"}, diag::Text{seen}).fix(at, "==");
    return;
  }
  auto added = report_.add(at, diag::Expected, diag::Text{expectation(parser, expected)}, diag::Text{seen});
  if (!insert || expected.size() != 1) return;
  const auto word = spelling(parser, static_cast<std::size_t>(expected.getMinElement()));
  if (!word.empty()) added.fix({at.file, at.begin, at.begin}, word);
}

void Recovery::reportNoViableAlternative(antlr4::Parser* parser, const antlr4::NoViableAltException& e) {
  say(parser, e.getOffendingToken(), false);
}
void Recovery::reportInputMismatch(antlr4::Parser* parser, const antlr4::InputMismatchException& e) {
  say(parser, e.getOffendingToken(), false);
}

void Recovery::reportUnwantedToken(antlr4::Parser* parser) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  say(parser, parser->getCurrentToken(), false);
}

void Recovery::reportMissingToken(antlr4::Parser* parser) {
  if (inErrorRecoveryMode(parser)) return;
  beginErrorCondition(parser);
  say(parser, parser->getCurrentToken(), true);
}

auto Recovery::getMissingSymbol(antlr4::Parser* parser) -> Token* {
  const auto expected = static_cast<std::size_t>(getExpectedTokens(parser).getMinElement());
  auto token = std::make_unique<antlr4::CommonToken>(expected);
  token->setLine(parser->getCurrentToken()->getLine());
  token->setStartIndex(INVALID_INDEX);
  token->setStopIndex(INVALID_INDEX);
  return made_up_.emplace_back(std::move(token)).get();
}

void Recovery::recover(antlr4::Parser* parser, std::exception_ptr e) {
  DefaultErrorStrategy::recover(parser, e);
  auto* rule = parser->getContext();
  if (!rule || !is_braced(rule->getRuleIndex()) || !rule->getToken(Parser::LBRACE, 0) ||
      rule->getToken(Parser::RBRACE, 0))
    return;
  consumeUntil(parser, antlr4::misc::IntervalSet::of(static_cast<ssize_t>(Parser::RBRACE)));
  if (parser->getTokenStream()->LA(1) == Parser::RBRACE) parser->consume();
}

// ANTLR goes on within a list only after its second part; the first is as good a place.
void Recovery::sync(antlr4::Parser* parser) {
  auto* state = parser->getATN().states[parser->getState()];
  const auto* rule = parser->getContext();
  const bool list = rule && (is_braced(rule->getRuleIndex()) || rule->getRuleIndex() == Parser::RuleFile);
  if (!list || state->getStateType() != antlr4::atn::ATNState::STAR_LOOP_ENTRY)
    return DefaultErrorStrategy::sync(parser);
  if (inErrorRecoveryMode(parser)) return;
  const auto next = parser->getATN().nextTokens(state);
  if (next.contains(Token::EPSILON) || next.contains(parser->getTokenStream()->LA(1))) return;
  reportUnwantedToken(parser);
  consumeUntil(parser, parser->getExpectedTokens().Or(getErrorRecoverySet(parser)));
}

void Recovery::consumeUntil(antlr4::Parser* parser, const antlr4::misc::IntervalSet& set) {
  auto* tokens = parser->getTokenStream();
  int depth = 0;
  for (auto type = tokens->LA(1); type != Token::EOF; type = tokens->LA(1)) {
    if (depth == 0 && set.contains(type)) return;
    if (type == Parser::LBRACE) ++depth;
    if (type == Parser::RBRACE && depth > 0) --depth;
    parser->consume();
  }
}

}  // namespace flow::parse
