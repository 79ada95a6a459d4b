#pragma once
// ANTLR's tree to ours, in one walk. A production that broke off gives what there is of it: parts that are not there
// were reported by the parser and stand in the tree as missing. Nothing here fails.

#include <map>

#include "FlowParser.h"
#include "compiler/ast/ast.h"
#include "compiler/parse/lexeme.h"

namespace flow::parse {

using Grammar = flow_grammar::FlowParser;

class Builder {
 public:
  Builder(const SourceFile& source, const Lexemes& docs, diag::Report& report);

  auto file(Grammar::FileContext& node) -> ast::File;

 private:
  using Node = antlr4::ParserRuleContext;
  using Token = antlr4::Token;

  // Declarations (builder_declarations.cpp).
  void declaration(Node& node, ast::File& out);
  void named(Grammar::NamedDeclContext& node, ast::File& out);
  void stray(Grammar::StrayDeclContext& node);
  auto locale(Grammar::LocaleDeclContext& node) -> ast::LocaleDecl;
  auto import(Grammar::ImportDeclContext& node) -> ast::Import;
  auto enumeration(Grammar::EnumDeclContext& node) -> ast::EnumDecl;
  auto policy(Grammar::PolicyDeclContext& node) -> ast::PolicyDecl;
  auto tool(Grammar::ToolDeclContext& node) -> ast::ToolDecl;
  auto agent(Grammar::AgentDeclContext& node) -> ast::AgentDecl;
  auto fields(Grammar::FieldsContext* node) -> std::vector<ast::Field>;
  auto field(Grammar::FieldContext& node) -> ast::Field;
  auto type(Grammar::TypeContext* node) -> ast::TypeRef;
  void take_field_args(Grammar::FieldArgsContext& node, bool before_default, ast::Field& out);

  // What stands in blocks (builder_blocks.cpp).
  auto block(Grammar::BlockContext* node) -> ast::Block;
  auto clauses(Grammar::ClausesContext* node) -> std::vector<ast::Clause>;
  auto clause(Grammar::ClauseContext& node) -> ast::Clause;
  auto fails(Grammar::FailsClauseContext& node) -> ast::Clause;
  auto form(Grammar::FormContext& node) -> ast::Form;
  auto handoff(Grammar::HandoffContext& node) -> ast::Handoff;
  auto trigger(Grammar::TriggerContext& node) -> ast::Trigger;
  auto handler(Grammar::HandlerContext& node) -> ast::Handler;
  auto event(Grammar::EventContext* node) -> ast::Event;
  auto actions(Grammar::ActionsContext* node) -> std::vector<ast::Action>;
  auto action(Grammar::ActionContext* node) -> ast::Action;
  auto branch(Grammar::BranchContext& node) -> ast::Action;
  auto or_else(Grammar::OrElseContext* node) -> std::vector<ast::Action>;
  auto assignment(Grammar::AssignmentContext* node) -> ast::Assignment;
  auto args(Grammar::ArgsContext* node) -> std::vector<ast::Arg>;

  // Names and expressions (builder_expressions.cpp).
  auto name(Node* node) -> ast::Name;  // of rules `name` and `word`
  auto path(Grammar::PathContext* node) -> ast::Path;
  auto expr(Grammar::ExprContext* node) -> ast::Expr;
  auto binary(Grammar::ExprContext& node, Token& op) -> ast::Expr;
  auto primary(Grammar::PrimaryContext* node) -> ast::Expr;
  auto path_or_call(Grammar::PrimaryContext& node) -> ast::Expr::Node;
  auto number(Grammar::NumberContext* node) -> ast::Expr;
  auto number(Token& token) -> ast::Expr::Node;

  // Texts (builder_texts.cpp).
  auto text(Grammar::StringContext* node) -> ast::Template;
  auto parts(const std::vector<Grammar::PartContext*>& nodes) -> std::vector<ast::TemplatePart>;
  auto conditional(Grammar::ConditionalContext& node) -> ast::Conditional;
  auto constant(Grammar::StringContext* node) -> std::string;  // reports what is inserted
  void unescape(std::vector<ast::TemplatePart>& parts);

  auto span(const Node* node) const -> Span;
  auto span(const Token& token) const -> Span;
  auto written(Span at) const -> std::string { return std::string{source_.text(at)}; }
  // The doc comment right above a node.
  auto doc(const Node& node) const -> ast::Doc;

  const SourceFile& source_;
  diag::Report& report_;
  std::map<std::uint32_t, Span> docs_;  // by line
};

}  // namespace flow::parse
