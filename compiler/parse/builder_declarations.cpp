#include <array>

#include "compiler/diag/nearest.h"
#include "compiler/parse/builder.h"

namespace flow::parse {

Builder::Builder(const SourceFile& source, const Lexemes& docs, diag::Report& report)
    : source_(source), report_(report) {
  for (const auto& line : docs) docs_.emplace(line.line, parse::span(source, line));
}

auto Builder::file(Grammar::FileContext& node) -> ast::File {
  ast::File out{.id = source_.id()};
  out.complete = !node.exception;
  for (auto* child : node.children) {
    auto* each = dynamic_cast<Grammar::DeclarationContext*>(child);
    if (!each) {
      if (dynamic_cast<antlr4::tree::ErrorNode*>(child)) out.complete = false;
      continue;
    }
    auto* inner = each->children.empty() ? nullptr : dynamic_cast<Node*>(each->children.front());
    if (!inner || inner->exception || inner->getRuleIndex() == Grammar::RuleStrayDecl) out.complete = false;
    if (inner) declaration(*inner, out);
  }
  return out;
}

void Builder::declaration(Node& node, ast::File& out) {
  const auto as = [&]<class T>(T*) -> T& { return static_cast<T&>(node); };
#define NODE(type) as(static_cast<Grammar::type##Context*>(nullptr))
  switch (node.getRuleIndex()) {
    case Grammar::RuleFlowDecl:
      out.flows.push_back({doc(node), name(NODE(FlowDecl).name()), block(NODE(FlowDecl).block()), span(&node)});
      break;
    case Grammar::RuleImportDecl: out.imports.push_back(import(NODE(ImportDecl))); break;
    case Grammar::RuleEnumDecl: out.enums.push_back(enumeration(NODE(EnumDecl))); break;
    case Grammar::RuleTypeDecl:
      out.types.push_back({doc(node), name(NODE(TypeDecl).name()), fields(NODE(TypeDecl).fields()), span(&node)});
      break;
    case Grammar::RuleStateDecl:
      out.states.push_back({doc(node), fields(NODE(StateDecl).fields()), span(&node)});
      break;
    case Grammar::RuleNamedDecl: named(NODE(NamedDecl), out); break;
    case Grammar::RulePolicyDecl: out.policies.push_back(policy(NODE(PolicyDecl))); break;
    case Grammar::RuleToolDecl: out.tools.push_back(tool(NODE(ToolDecl))); break;
    case Grammar::RuleAgentDecl: out.agents.push_back(agent(NODE(AgentDecl))); break;
    case Grammar::RuleHandoff: out.handoffs.push_back(handoff(NODE(Handoff))); break;
    case Grammar::RuleHandler: out.handlers.push_back(handler(NODE(Handler))); break;
    case Grammar::RuleRuleDecl:
      out.rules.push_back({doc(node), name(NODE(RuleDecl).name()), clauses(NODE(RuleDecl).clauses()), span(&node)});
      break;
    case Grammar::RuleLocaleDecl: out.locales.push_back(locale(NODE(LocaleDecl))); break;
    case Grammar::RuleTestDecl: {
      auto& test = NODE(TestDecl);
      out.tests.push_back(
          {doc(node), constant(test.string()), span(test.string()), clauses(test.clauses()), span(&node)});
      break;
    }
    case Grammar::RuleStrayDecl: stray(NODE(StrayDecl)); break;
    default: break;
  }
#undef NODE
}

void Builder::named(Grammar::NamedDeclContext& node, ast::File& out) {
  const auto add = [&]<class T>(std::vector<T>& list) {
    list.push_back({doc(node), name(node.name()), block(node.block()), span(&node)});
  };
  switch (node.getStart()->getType()) {
    case Grammar::REALTIME: add(out.realtimes); break;
    case Grammar::SERVICE: add(out.services); break;
    case Grammar::TRANSFER: add(out.transfers); break;
    default: add(out.channels); break;
  }
}

void Builder::stray(Grammar::StrayDeclContext& node) {
  constexpr std::array<std::string_view, 18> Words{"flow",    "import", "enum", "type",  "state",   "realtime",
                                                   "service", "policy", "tool", "agent", "handoff", "transfer",
                                                   "channel", "on",     "rule", "test",  "form",    "locale"};
  const auto at = span(*node.getStart());
  const auto word = written(at);
  auto added = report_.add(at, diag::UnknownDeclaration, diag::Name{word});
  if (const auto near = diag::nearest(word, {Words.begin(), Words.end()})) added.fix(at, std::string{*near});
}

auto Builder::locale(Grammar::LocaleDeclContext& node) -> ast::LocaleDecl {
  ast::LocaleDecl out{doc(node), constant(node.string()), span(node.string()), {}, span(&node)};
  for (auto* each : node.translation()) {
    if (each->string().size() == 2) out.texts.push_back({text(each->string(0)), text(each->string(1)), span(each)});
  }
  return out;
}

auto Builder::import(Grammar::ImportDeclContext& node) -> ast::Import {
  if (auto* file = node.string()) return {.module = {}, .file = constant(file), .at = span(file)};
  auto module = path(node.path());
  const auto at = module.missing() ? span(&node) : module.at;
  return {.module = std::move(module), .file = {}, .at = at};
}

auto Builder::enumeration(Grammar::EnumDeclContext& node) -> ast::EnumDecl {
  ast::EnumDecl out{doc(node), {}, {}, span(&node)};
  auto names = node.name();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i == 0)
      out.name = name(names[i]);
    else if (auto value = name(names[i]); !value.missing())
      out.values.push_back({doc(*names[i]), std::move(value)});
  }
  return out;
}

auto Builder::policy(Grammar::PolicyDeclContext& node) -> ast::PolicyDecl {
  return {doc(node), name(node.name()), path(node.path()), block(node.block()), span(&node)};
}

auto Builder::agent(Grammar::AgentDeclContext& node) -> ast::AgentDecl {
  return {doc(node), name(node.name()), path(node.path()), block(node.block()), span(&node)};
}

auto Builder::tool(Grammar::ToolDeclContext& node) -> ast::ToolDecl {
  ast::ToolDecl out{.doc = doc(node),
                    .name = name(node.name()),
                    .params = {},
                    .result = type(node.type()),
                    .effect = {},
                    .effect_at = {},
                    .block = block(node.block()),
                    .at = span(&node)};
  if (auto* params = node.params()) {
    for (auto* each : params->field()) out.params.push_back(field(*each));
  }
  if (auto* effect = node.effect()) {
    out.effect_at = span(effect);
    if (effect->PURE())
      out.effect = ast::EffectClass::Pure;
    else if (effect->READS())
      out.effect = ast::EffectClass::Reads;
    else if (effect->WRITES())
      out.effect = effect->ONCE() ? ast::EffectClass::WritesOnce : ast::EffectClass::Writes;
  } else if (!node.exception && !out.name.missing() && node.params()) {
    report_.add(out.name.at, diag::NoEffect, diag::Name{out.name.text});
  }
  return out;
}

auto Builder::fields(Grammar::FieldsContext* node) -> std::vector<ast::Field> {
  std::vector<ast::Field> out;
  if (!node) return out;
  for (auto* each : node->field()) out.push_back(field(*each));
  return out;
}

auto Builder::field(Grammar::FieldContext& node) -> ast::Field {
  ast::Field out{.doc = doc(node),
                 .name = name(node.name()),
                 .type = type(node.type()),
                 .pii = {},
                 .secret = {},
                 .fallback = {},
                 .description = {},
                 .args = {},
                 .otherwise = or_else(node.orElse()),
                 .at = span(&node)};
  if (auto* fallback = node.expr()) out.fallback = expr(fallback);
  for (auto* each : node.fieldArgs()) {
    take_field_args(
        *each, !node.ASSIGN() || each->getStart()->getStartIndex() < node.ASSIGN()->getSymbol()->getStartIndex(), out);
  }
  return out;
}

// `pii` and `secret` right after the type are markers; a text that comes first after them describes the field.
void Builder::take_field_args(Grammar::FieldArgsContext& node, bool before_default, ast::Field& out) {
  for (auto* each : node.expr()) {
    auto value = expr(each);
    const bool first = out.args.empty() && !out.description;
    if (first && before_default && value.word() == "pii")
      out.pii = value.at;
    else if (first && before_default && value.word() == "secret")
      out.secret = value.at;
    else if (const auto* text = value.as<ast::Template>(); first && text)
      out.description = *text;
    else
      out.args.push_back({std::move(value), false});
  }
}

auto Builder::type(Grammar::TypeContext* node) -> ast::TypeRef {
  if (!node) return {};
  ast::TypeRef out{.kind = ast::TypeRef::Kind::Missing,
                   .name = {},
                   .element = {},
                   .optional = node->QUEST() != nullptr,
                   .at = span(node)};
  if (auto* named = node->path()) {
    out.name = path(named);
    if (!out.name.missing()) out.kind = ast::TypeRef::Kind::Named;
  } else if (auto* element = node->type()) {
    out.kind = ast::TypeRef::Kind::List;
    out.element = type(element);
  }
  return out;
}

}  // namespace flow::parse
