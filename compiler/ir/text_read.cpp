#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "compiler/ir/fields.h"
#include "compiler/ir/text.h"
#include "compiler/ir/verify.h"
#include "compiler/ir/words.h"

namespace flow::ir {
namespace {

constexpr int ValueDepthMax = 60;

// Takes the tokens of one line one by one. After the first that does not fit, the rest gives nothing.
class Tokens {
 public:
  Tokens(const Node& node, std::vector<TextError>& errors) : node_(node), errors_(errors) {}

  auto more() const -> bool { return !failed_ && at_ < node_.tokens.size(); }
  auto peek(Token::Kind kind) const -> bool { return more() && node_.tokens[at_].kind == kind; }
  auto peek(Token::Kind kind, std::string_view text) const -> bool { return peek(kind) && node_.tokens[at_].text == text; }
  auto skip(Token::Kind kind, std::string_view text) -> bool {
    const bool found = peek(kind, text);
    if (found) ++at_;
    return found;
  }
  auto take(Token::Kind kind, std::string_view what) -> const Token* {
    if (peek(kind)) return &node_.tokens[at_++];
    fail(fmt::format("{} goes here", what));
    return nullptr;
  }
  void fail(std::string text) {
    if (failed_) return;
    failed_ = true;
    const bool there = at_ < node_.tokens.size();
    errors_.push_back({node_.line, there ? node_.tokens[at_].column : node_.column, std::move(text)});
  }
  void end() {
    if (more()) fail("nothing more goes here");
  }

  void read(std::string& text) {
    if (const auto* token = take(Token::Kind::Text, "a quoted text")) text = token->text;
  }
  void read(int& number) {
    const auto* token = take(Token::Kind::Whole, "a whole number");
    if (!token) return;
    if (token->whole < INT32_MIN || token->whole > INT32_MAX) return fail("a number of 32 bits goes here");
    number = static_cast<int>(token->whole);
  }
  void read(std::uint32_t& number) {
    const auto* token = take(Token::Kind::Whole, "a whole number");
    if (!token) return;
    if (token->whole < 0 || token->whole > UINT32_MAX) return fail("a number of 32 bits goes here");
    number = static_cast<std::uint32_t>(token->whole);
  }
  void read(double& number) {
    if (peek(Token::Kind::Whole)) {
      number = static_cast<double>(node_.tokens[at_++].whole);
    } else if (const auto* token = take(Token::Kind::Real, "a number")) {
      number = token->real;
    }
  }
  void read(bool& yes) {
    if (skip(Token::Kind::Word, "true")) {
      yes = true;
    } else if (skip(Token::Kind::Word, "false")) {
      yes = false;
    } else {
      fail("`true` or `false` goes here");
    }
  }
  void read(Millis& time) {
    if (const auto* token = take(Token::Kind::Time, "a time such as `400ms`")) time = Millis{token->whole};
  }
  template <class T>
  void read(Id<T>& id) {
    if (const auto* token = take(Token::Kind::Id, "a row such as `#3`")) id = Id<T>{token->id};
  }
  template <Worded T>
  void read(T& value) {
    const auto known = words(value);
    const auto* token = take(Token::Kind::Word, fmt::format("one of {}", fmt::join(known, ", ")));
    if (!token) return;
    const auto found = std::ranges::find(known, token->text);
    if (found == known.end()) {
      --at_;
      return fail(fmt::format("one of {} goes here", fmt::join(known, ", ")));
    }
    value = static_cast<T>(found - known.begin());
  }
  void read(Span& span) {
    read(span.file.n);
    read(span.begin);
    read(span.end);
  }
  void read(std::vector<std::string>& texts) {
    while (peek(Token::Kind::Text)) read(texts.emplace_back());
  }
  void read(std::vector<Id<Tool>>& ids) {
    while (peek(Token::Kind::Id)) read(ids.emplace_back());
  }
  void read(Target& target) {
    read(target.kind);
    if (target.kind == Target::Kind::Agent) read(target.agent);
    if (target.kind == Target::Kind::Transfer) read(target.transfer);
  }
  void read(Deed& deed) {
    read(deed.kind);
    if (deed.kind == Deed::Kind::Tool) read(deed.tool);
    if (deed.kind == Deed::Kind::Enter) read(deed.target);
    if (deed.kind == Deed::Kind::Heard) read(deed.words);
  }
  void read(EventPattern& pattern) {
    read(pattern.kind);
    if (pattern.kind == EventPattern::Kind::Silence) read(pattern.after);
    read(pattern.values);
    if (skip(Token::Kind::Word, "count")) read(pattern.count);
  }
  void read(Trigger& trigger) {
    read(trigger.kind);
    if (trigger.kind == Trigger::Kind::Model) read(trigger.when);
    if (trigger.kind == Trigger::Kind::Event) read(trigger.on);
    if (trigger.kind == Trigger::Kind::After) read(trigger.after);
  }
  void read(Type& type) {
    read(type.kind);
    if (type.kind == Type::Kind::Enum) read(type.enumeration);
    if (type.kind == Type::Kind::Record) read(type.record);
    if (type.kind == Type::Kind::List) read(type.element);
    type.optional = skip(Token::Kind::Word, "optional");
  }
  void read(Expr& expr) {
    read(expr.op);
    if (expr.op == Expr::Op::Literal) return read(expr.literal, 0);
    if (expr.op == Expr::Op::State) return read(expr.state);
    if (expr.op == Expr::Op::Form) return read(expr.form);
    if (expr.op == Expr::Op::Record) {
      while (peek(Token::Kind::Text)) {
        read(expr.names.emplace_back());
        read(expr.args.emplace_back());
      }
      return;
    }
    if (peek(Token::Kind::Text)) read(expr.name);
    while (peek(Token::Kind::Id)) read(expr.args.emplace_back());
  }
  void read(Value& value, int depth) {
    if (depth > ValueDepthMax) return fail("nested too deep");
    if (skip(Token::Kind::Word, "none")) return;
    if (skip(Token::Kind::Mark, "[")) return read_list(value, depth);
    if (skip(Token::Kind::Mark, "{")) return read_record(value, depth);
    if (peek(Token::Kind::Text)) {
      value = node_.tokens[at_++].text;
    } else if (peek(Token::Kind::Whole)) {
      value = node_.tokens[at_++].whole;
    } else if (peek(Token::Kind::Real)) {
      value = node_.tokens[at_++].real;
    } else if (bool yes = false; peek(Token::Kind::Word)) {
      read(yes);
      value = yes;
    } else {
      fail("a value goes here");
    }
  }
  void read(Field& field) {
    for (const Token* name = nullptr; more() && (name = take(Token::Kind::Word, "a name"));) {
      if (name->text == "name") {
        read(field.name);
      } else if (name->text == "type") {
        read(field.type);
      } else if (name->text == "doc") {
        read(field.doc);
      } else if (name->text == "fallback") {
        read(field.fallback);
      } else if (name->text == "pii") {
        field.pii = true;
      } else {
        --at_;
        fail("one of name, type, doc, pii, fallback goes here");
      }
    }
  }

 private:
  void read_list(Value& value, int depth) {
    Value::List list;
    while (more() && !peek(Token::Kind::Mark, "]")) {
      read(list.emplace_back(), depth + 1);
      if (!skip(Token::Kind::Mark, ",")) break;
    }
    if (!skip(Token::Kind::Mark, "]")) return fail("`]` or `,` goes here");
    value = std::move(list);
  }
  void read_record(Value& value, int depth) {
    Value::Record record;
    while (more() && !peek(Token::Kind::Mark, "}")) {
      auto& [name, field] = record.emplace_back();
      read(name);
      if (!skip(Token::Kind::Mark, ":")) fail("`:` goes here");
      read(field, depth + 1);
      if (!skip(Token::Kind::Mark, ",")) break;
    }
    if (!skip(Token::Kind::Mark, "}")) return fail("`}` or `,` goes here");
    value = std::move(record);
  }

  const Node& node_;
  std::vector<TextError>& errors_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

class Reader {
 public:
  std::vector<TextError> errors;

  auto program(const std::vector<Node>& lines) -> Program {
    Program program;
    if (!version(lines)) return program;
    std::vector<const Node*> own;
    for (const auto& line : lines) {
      if (&line != &lines.front() && !row(program, line)) own.push_back(&line);
    }
    described(program, own);
    return program;
  }

  // ── One field of a described struct: `name` says which line it is on ──
  template <class T>
  void operator()(std::string_view name, T& value) {
    each(name, [&](const Node& node) { content(node, value); });
  }
  template <class T>
  void maybe(std::string_view name, Id<T>& id) {
    (*this)(name, id);
  }
  void flag(std::string_view name, bool& yes) {
    each(name, [&](const Node& node) {
      yes = true;
      Tokens{node, errors}.end();
    });
  }
  // Fields that may stand on several lines.
  void operator()(std::string_view name, std::vector<Header>& headers) {
    const auto lines = scope_;  // reading one changes it
    for (const auto* node : lines) {
      if (node->name == name) content(*node, headers.emplace_back());
    }
    known_.push_back(name);
  }
  void operator()(std::string_view name, std::vector<std::pair<std::string, Id<Expr>>>& args) {
    for (const auto* node : scope_) {
      if (node->name != name) continue;
      Tokens tokens{*node, errors};
      auto& [arg, expr] = args.emplace_back();
      tokens.read(arg);
      tokens.read(expr);
      tokens.end();
    }
    known_.push_back(name);
  }
  void operator()(std::string_view name, std::vector<FormField>& list) {
    for (const auto* node : std::vector(scope_)) {
      if (node->name != name) continue;
      Tokens{*node, errors}.end();
      described(list.emplace_back(), pointers(node->children));
    }
    known_.push_back(name);
  }
  void operator()(std::string_view name, std::vector<std::pair<Id<StateField>, Id<Expr>>>& sets) {
    for (const auto* node : scope_) {
      if (node->name != name) continue;
      Tokens tokens{*node, errors};
      auto& [state, expr] = sets.emplace_back();
      tokens.read(state);
      tokens.read(expr);
      tokens.end();
    }
    known_.push_back(name);
  }

 private:
  void fail(const Node& node, std::string text) { errors.push_back({node.line, node.column, std::move(text)}); }

  auto version(const std::vector<Node>& lines) -> bool {
    const auto right = !lines.empty() && lines.front().name == "flowir" && lines.front().tokens.size() == 1 &&
                       lines.front().tokens[0].kind == Token::Kind::Whole && lines.front().tokens[0].whole == TextVersion;
    if (!right) errors.push_back({1, 1, fmt::format("the first line is `flowir {}`", TextVersion)});
    return right;
  }

  void each(std::string_view name, const auto& body) {
    known_.push_back(name);
    const Node* found = nullptr;
    for (const auto* node : scope_) {
      if (node->name != name) continue;
      if (found) return fail(*node, fmt::format("`{}` stands here already, on line {}", name, found->line));
      found = node;
    }
    if (found) body(*found);
  }

  // Reads `value` from the lines that belong to it, and reports those that nobody asked for.
  void described(Described auto& value, std::vector<const Node*> lines) {
    const auto outer_scope = std::exchange(scope_, std::move(lines));
    const auto outer_known = std::exchange(known_, {});
    fields(*this, value);
    for (const auto* line : scope_) {
      if (std::ranges::find(known_, line->name) == known_.end()) fail(*line, fmt::format("nothing is called `{}` here", line->name));
    }
    scope_ = outer_scope;
    known_ = outer_known;
  }

  // A row of a table: `agent 0` and its lines below, or all on one line.
  auto row(Program& program, const Node& line) -> bool {
    // `realtime #0` is a field of the program; `realtime 0` a row.
    if (line.tokens.empty() || line.tokens.front().kind != Token::Kind::Whole) return false;
    bool found = false;
    tables(
        [&]<class T>(std::string_view name, Table<T>& table) {
          if (line.name != name) return;
          found = true;
          add_row(table, line);
        },
        program);
    return found;
  }
  template <class T>
  void add_row(Table<T>& table, const Node& line) {
    Tokens tokens{line, errors};
    int index = 0;
    tokens.read(index);
    if (index < 0 || static_cast<std::size_t>(index) != table.size()) return fail(line, fmt::format("row {} goes here", table.size()));
    T value{};
    if constexpr (Described<T>) {
      described(value, pointers(line.children));
    } else {
      tokens.read(value);
      no_children(line);
    }
    tokens.end();
    table.add(std::move(value));
  }
  static auto pointers(const std::vector<Node>& nodes) -> std::vector<const Node*> {
    std::vector<const Node*> all;
    for (const auto& node : nodes) all.push_back(&node);
    return all;
  }
  void no_children(const Node& node) {
    if (!node.children.empty()) fail(node.children.front(), "nothing goes below that line");
  }

  // ── What stands on a field's line and below it ──
  template <class T>
  void content(const Node& node, T& value) {
    Tokens tokens{node, errors};
    if constexpr (Described<T>) {
      described(value, pointers(node.children));
    } else {
      tokens.read(value);
      no_children(node);
    }
    tokens.end();
  }
  template <class T>
  void content(const Node& node, std::optional<T>& value) {
    content(node, value.emplace());
  }
  void content(const Node& node, Template& text) {
    Tokens{node, errors}.end();
    parts(node.children, text);
  }
  void content(const Node& node, std::vector<Action>& list) {
    Tokens{node, errors}.end();
    actions(node.children, list);
  }
  void content(const Node& node, Line& line) {
    Tokens tokens{node, errors};
    tokens.read(line.kind);
    line.is_protected = tokens.skip(Token::Kind::Word, "protected");
    tokens.end();
    parts(node.children, line.text);
  }
  void content(const Node& node, std::vector<Field>& list) {
    Tokens{node, errors}.end();
    for (const auto& child : node.children) {
      if (child.name != "-") fail(child, "a field begins with `-`");
      head(child, list.emplace_back());
      no_children(child);
    }
  }
  // One line that is read by its tokens alone, with others below it that somebody else reads.
  template <class T>
  void head(const Node& node, T& value) {
    Tokens tokens{node, errors};
    tokens.read(value);
    tokens.end();
  }

  void parts(const std::vector<Node>& nodes, Template& text) {
    for (const auto& node : nodes) {
      if (node.name == "else" && !text.empty() && text.back().kind == TemplatePart::Kind::If && text.back().otherwise.empty()) {
        content(node, text.back().otherwise);
        continue;
      }
      TemplatePart part;
      if (node.name == "text") {
        content(node, part.text);
      } else if (node.name == "hole") {
        part.kind = TemplatePart::Kind::Hole;
        content(node, part.expr);
      } else if (node.name == "if") {
        part.kind = TemplatePart::Kind::If;
        head(node, part.expr);
        parts(node.children, part.then);
      } else {
        fail(node, "one of text, hole, if, else goes here");
      }
      text.push_back(std::move(part));
    }
  }

  void actions(const std::vector<Node>& nodes, std::vector<Action>& list) {
    for (const auto& node : nodes) {
      if (node.name == "else" && !list.empty() && list.back().kind == Action::Kind::If && list.back().otherwise.empty()) {
        content(node, list.back().otherwise);
      } else {
        action(node, list.emplace_back());
      }
    }
  }
  void action(const Node& node, Action& a) {
    const auto known = words(a.kind);
    const auto found = std::ranges::find(known, node.name);
    if (found == known.end()) return fail(node, fmt::format("one of {}, else goes here", fmt::join(known, ", ")));
    a.kind = static_cast<Action::Kind>(found - known.begin());
    switch (a.kind) {
      case Action::Kind::Say: return content(node, a.line.emplace());
      case Action::Kind::EndCall:
        if (!node.tokens.empty()) return content(node, a.line.emplace());
        break;
      case Action::Kind::If:
        head(node, a.expr);
        return actions(node.children, a.then);
      case Action::Kind::Handoff: return content(node, a.target);
      case Action::Kind::Ask:
      case Action::Kind::Set:
      case Action::Kind::Run: arguments(node, a); break;
    }
    no_children(node);
  }
  void arguments(const Node& node, Action& a) {
    Tokens tokens{node, errors};
    if (a.kind == Action::Kind::Ask) {
      tokens.read(a.form);
      tokens.read(a.field);
    } else if (a.kind == Action::Kind::Set) {
      tokens.read(a.state);
      tokens.read(a.expr);
    } else {
      tokens.read(a.tool);
      while (tokens.peek(Token::Kind::Text)) {
        auto& [name, expr] = a.args.emplace_back();
        tokens.read(name);
        tokens.read(expr);
      }
    }
    tokens.end();
  }

  std::vector<const Node*> scope_;       // the lines of the struct that is being read
  std::vector<std::string_view> known_;  // the names that it asked for
};

}  // namespace

auto read_text(std::string_view text) -> tl::expected<Program, std::vector<TextError>> {
  Reader reader;
  const auto lines = read_lines(text, reader.errors);
  if (!reader.errors.empty()) return tl::unexpected{std::move(reader.errors)};
  auto program = reader.program(lines);
  if (reader.errors.empty()) {
    for (auto& problem : verify(program)) reader.errors.push_back({1, 1, std::move(problem)});
  }
  if (reader.errors.size() > ErrorsMax) reader.errors.resize(ErrorsMax);
  if (!reader.errors.empty()) return tl::unexpected{std::move(reader.errors)};
  return program;
}

}  // namespace flow::ir
