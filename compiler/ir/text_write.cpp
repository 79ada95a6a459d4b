#include <fmt/format.h>

#include "compiler/ir/describe.h"
#include "compiler/ir/fields.h"
#include "compiler/ir/text.h"
#include "compiler/ir/words.h"

namespace flow::ir {
namespace {

// Floats are told from whole numbers by a point or an exponent.
auto number_text(double number) -> std::string {
  auto text = fmt::format("{}", number);
  if (text.find_first_of(".en") == text.npos) text += ".0";
  return text;
}

auto value_text(const Value& value) -> std::string {
  if (const auto* real = std::get_if<double>(&value.data)) return number_text(*real);
  if (const auto* text = value.text()) return quoted(*text);
  std::string out;
  if (const auto* list = value.list()) {
    for (const auto& each : *list) out += (out.empty() ? "" : ", ") + value_text(each);
    return "[" + out + "]";
  }
  if (const auto* record = value.record()) {
    for (const auto& [name, each] : *record) out += (out.empty() ? "" : ", ") + quoted(name) + ": " + value_text(each);
    return "{" + out + "}";
  }
  return value.is_none() ? "none" : to_json(value);
}

template <class T>
auto id_text(Id<T> id) -> std::string {
  return fmt::format("#{}", id.index);
}

class Writer {
 public:
  Writer(const Program& program, const TextOptions& options) : program_(program), options_(options) {}
  std::string out;

  void program() {
    out += fmt::format("flowir {}\n", TextVersion);
    fields(*this, program_);
    tables([this](std::string_view row, const auto& table) { rows(row, table); }, program_);
  }

  // ── How each kind of field is written ──
  void operator()(std::string_view name, const std::string& text) {
    if (text.empty() || (name == "lua_file" && !options_.places)) return;
    if (is_plain_block(text)) return block(name, text);
    line(name, quoted(text));
  }
  void operator()(std::string_view name, int number) { line(name, fmt::format("{}", number)); }
  void operator()(std::string_view name, double number) { line(name, number_text(number)); }
  void operator()(std::string_view name, bool yes) { line(name, yes ? "true" : "false"); }
  void operator()(std::string_view name, Millis time) { line(name, millis(time)); }
  void operator()(std::string_view name, Worded auto word) { line(name, to_word(word)); }
  template <class T>
  void operator()(std::string_view name, Id<T> id) {
    line(name, id_text(id), note(id));
  }
  template <class T>
  void maybe(std::string_view name, Id<T> id) {
    if (id) (*this)(name, id);
  }
  void flag(std::string_view name, bool yes) {
    if (yes) line(name, "");
  }
  void operator()(std::string_view name, const Span& span) {
    if (options_.places) line(name, fmt::format("{} {} {}", span.file.n, span.begin, span.end));
  }
  template <class T>
  void operator()(std::string_view name, const std::optional<T>& value) {
    if (!value) return;
    if constexpr (std::same_as<T, Template>) {
      line(name, "");
      nested([&] { parts(*value); });
    } else {
      (*this)(name, *value);
    }
  }
  void operator()(std::string_view name, const std::vector<std::string>& texts) {
    if (texts.empty() || (name == "files" && !options_.places)) return;
    std::string values;
    for (const auto& text : texts) values += (values.empty() ? "" : " ") + quoted(text);
    line(name, values);
  }
  void operator()(std::string_view name, const std::vector<Id<Tool>>& ids) {
    std::string values;
    std::string names;
    for (const auto id : ids) {
      values += (values.empty() ? "" : " ") + id_text(id);
      names += (names.empty() ? "" : ", ") + note(id);
    }
    if (!ids.empty()) line(name, values, names);
  }
  void operator()(std::string_view name, const std::vector<std::pair<Id<StateField>, Id<Expr>>>& sets) {
    for (const auto& [state, expr] : sets) line(name, id_text(state) + " " + id_text(expr), note(state) + " = " + note(expr));
  }
  void operator()(std::string_view name, const std::vector<Field>& list) {
    if (list.empty()) return;
    line(name, "");
    nested([&] {
      for (const auto& each : list) field(each);
    });
  }
  void operator()(std::string_view name, const std::vector<std::pair<std::string, Id<Expr>>>& args) {
    for (const auto& [arg, expr] : args) line(name, quoted(arg) + " " + id_text(expr), note(expr));
  }
  template <Described T>
  void operator()(std::string_view name, const std::vector<T>& list) {
    for (const auto& each : list) (*this)(name, each);
  }
  void operator()(std::string_view name, const Described auto& value) {
    line(name, "");
    nested([&] { fields(*this, value); });
  }
  void operator()(std::string_view name, const Template& text) {
    if (text.empty()) return;
    line(name, "");
    nested([&] { parts(text); });
  }
  void operator()(std::string_view name, const std::vector<Action>& list) {
    if (list.empty()) return;
    line(name, "");
    nested([&] { actions(list); });
  }
  void operator()(std::string_view name, const Line& value) {
    line(name, fmt::format("{}{}", to_word(value.kind), value.is_protected ? " protected" : ""));
    nested([&] { parts(value.text); });
  }
  void operator()(std::string_view name, const Target& target) { line(name, target_text(target), target_note(target)); }
  void operator()(std::string_view name, const Deed& deed) {
    std::string text{to_word(deed.kind)};
    switch (deed.kind) {
      case Deed::Kind::Tool: return line(name, text + " " + id_text(deed.tool), note(deed.tool));
      case Deed::Kind::Enter: return line(name, text + " " + target_text(deed.target), target_note(deed.target));
      case Deed::Kind::Heard: return line(name, text + " " + quoted(deed.words));
    }
  }
  void operator()(std::string_view name, const EventPattern& pattern) { line(name, pattern_text(pattern)); }
  void operator()(std::string_view name, const Trigger& trigger) {
    std::string text{to_word(trigger.kind)};
    if (trigger.kind == Trigger::Kind::Model) text += " " + quoted(trigger.when);
    if (trigger.kind == Trigger::Kind::Event) text += " " + pattern_text(trigger.on);
    if (trigger.kind == Trigger::Kind::After) text += " " + millis(trigger.after);
    line(name, text);
  }

 private:
  void line(std::string_view name, std::string_view values, std::string_view comment = {}) {
    out.append(static_cast<std::size_t>(depth_) * 2, ' ');
    out += name;
    if (!values.empty()) out.append(" ").append(values);
    if (options_.comments && !comment.empty()) out.append("  // ").append(comment);
    out += '\n';
  }
  void nested(const auto& body) {
    ++depth_;
    body();
    --depth_;
  }
  void block(std::string_view name, std::string_view text) {
    line(name, "|");
    nested([&] {
      for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        out.append(static_cast<std::size_t>(depth_) * 2, ' ').append("|").append(text.substr(at, end - at)).append("\n");
        at = end + 1;
      }
    });
  }

  template <class T>
  void rows(std::string_view name, const Table<T>& table) {
    for (std::size_t i = 0; i < table.size(); ++i) {
      const auto id = table.id_at(i);
      if (i == 0 || Described<T>) out += '\n';
      if constexpr (Described<T>) {
        line(fmt::format("{} {}", name, i), "");
        nested([&] { fields(*this, table[id]); });
      } else {
        line(fmt::format("{} {}", name, i), row_text(table[id]), note(id));
      }
    }
  }
  auto row_text(const Type& type) const -> std::string {
    std::string text{to_word(type.kind)};
    if (type.kind == Type::Kind::Enum) text += " " + id_text(type.enumeration);
    if (type.kind == Type::Kind::Record) text += " " + id_text(type.record);
    if (type.kind == Type::Kind::List) text += " " + id_text(type.element);
    return text + (type.optional ? " optional" : "");
  }
  auto row_text(const Expr& expr) const -> std::string {
    std::string text{to_word(expr.op)};
    if (expr.op == Expr::Op::Literal) return text + " " + value_text(expr.literal);
    if (expr.op == Expr::Op::State) return text + " " + id_text(expr.state);
    if (expr.op == Expr::Op::Form) return text + " " + id_text(expr.form);
    if (!expr.name.empty()) text += " " + quoted(expr.name);
    for (std::size_t i = 0; i < expr.args.size(); ++i) {
      if (i < expr.names.size()) text += " " + quoted(expr.names[i]);
      text += " " + id_text(expr.args[i]);
    }
    return text;
  }
  // Everything of a field stands on one line.
  void field(const Field& f) {
    auto text = fmt::format("name {} type {}", quoted(f.name), id_text(f.type));
    if (!f.doc.empty()) text += " doc " + quoted(f.doc);
    if (f.pii) text += " pii";
    if (f.fallback) text += " fallback " + id_text(f.fallback);
    line("-", text, note(f.type));
  }
  void parts(const Template& text) {
    for (const auto& part : text) {
      if (part.kind == TemplatePart::Kind::Text) (*this)("text", part.text);
      if (part.kind == TemplatePart::Kind::Hole) (*this)("hole", part.expr);
      if (part.kind != TemplatePart::Kind::If) continue;
      (*this)("if", part.expr);
      nested([&] { parts(part.then); });
      (*this)("else", part.otherwise);
    }
  }
  void actions(const std::vector<Action>& list) {
    for (const auto& action : list) this->action(action);
  }
  void action(const Action& a) {
    switch (a.kind) {
      case Action::Kind::Say: (*this)("say", *a.line); break;
      case Action::Kind::Ask: line("ask", id_text(a.form) + " " + quoted(a.field), note(a.form)); break;
      case Action::Kind::Set: line("set", id_text(a.state) + " " + id_text(a.expr), note(a.state) + " = " + note(a.expr)); break;
      case Action::Kind::Run: run(a); break;
      case Action::Kind::Handoff: line("handoff", target_text(a.target), target_note(a.target)); break;
      case Action::Kind::EndCall: a.line ? (*this)("end_call", *a.line) : line("end_call", ""); break;
      case Action::Kind::If:
        (*this)("if", a.expr);
        nested([&] { actions(a.then); });
        (*this)("else", a.otherwise);
        break;
    }
  }
  void run(const Action& a) {
    auto text = id_text(a.tool);
    for (const auto& [name, expr] : a.args) text += fmt::format(" {} {}", quoted(name), id_text(expr));
    line("run", text, note(a.tool));
  }
  auto target_text(const Target& target) const -> std::string {
    if (target.kind == Target::Kind::Transfer) return "transfer " + id_text(target.transfer);
    return target.kind == Target::Kind::Agent ? "agent " + id_text(target.agent) : "back";
  }
  auto target_note(const Target& target) const -> std::string {
    if (target.kind == Target::Kind::Transfer) return note(target.transfer);
    return target.kind == Target::Kind::Agent ? note(target.agent) : "";
  }
  auto pattern_text(const EventPattern& pattern) const -> std::string {
    std::string text{to_word(pattern.kind)};
    if (pattern.kind == EventPattern::Kind::Silence) text += " " + millis(pattern.after);
    for (const auto& value : pattern.values) text += " " + quoted(value);
    if (pattern.count != 1) text += fmt::format(" count {}", pattern.count);
    return text;
  }
  static auto millis(Millis time) -> std::string { return fmt::format("{}ms", time.count()); }

  // What an id stands for, for people; quoted, so that no name can end the comment's line.
  auto note(Id<Type> id) const -> std::string { return one_line(describe(program_, id)); }
  auto note(Id<Expr> id) const -> std::string { return one_line(describe(program_, id)); }
  auto note(Id<StateField> id) const -> std::string { return one_line(program_.state[id].name); }
  auto note(Id<Policy> id) const -> std::string { return one_line(program_.policies[id].name); }
  auto note(Id<Service> id) const -> std::string { return one_line(program_.services[id].name); }
  auto note(Id<Tool> id) const -> std::string { return one_line(program_.tools[id].name); }
  auto note(Id<Form> id) const -> std::string { return one_line(program_.forms[id].name); }
  auto note(Id<Agent> id) const -> std::string { return one_line(program_.agents[id].name); }
  auto note(Id<Realtime> id) const -> std::string { return one_line(program_.realtimes[id].name); }
  auto note(Id<Transfer> id) const -> std::string { return one_line(program_.transfers[id].name); }
  static auto one_line(std::string text) -> std::string {
    for (auto& c : text) {
      if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    return text;
  }

  const Program& program_;
  const TextOptions& options_;
  int depth_ = 0;
};

}  // namespace

auto to_text(const Program& program, const TextOptions& options) -> std::string {
  Writer writer{program, options};
  writer.program();
  return std::move(writer.out);
}

}  // namespace flow::ir
