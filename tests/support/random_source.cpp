#include "tests/support/random_source.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <random>
#include <set>
#include <string_view>
#include <vector>

#include "compiler/base/check.h"
#include "compiler/check/clauses.h"
#include "compiler/check/steps.h"

namespace flow::test {
namespace {

using check::Where;

constexpr std::array Agents{"desk", "billing", "workshop"};
constexpr std::array Tools{"look", "book", "stop_it"};
constexpr std::array Names{"order", "topic", "caller", "type", "end", "when", "agent", "x1"};

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  auto make() -> std::string {
    std::string out;
    const auto count = 2 + below(6);
    for (int i = 0; i < count; ++i) {
      if (one_in(4)) out += one_in(2) ? "/// Of what follows.\n" : "// By the way.\n";
      out += declaration(i) + "\n";
      if (one_in(2)) out += "\n";
    }
    return out;
  }

 private:
  auto below(int limit) -> int { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  auto one_in(int n) -> bool { return below(n) == 0; }
  template <class List>
  auto any(const List& list) -> std::string {
    return std::string{list[static_cast<std::size_t>(below(static_cast<int>(std::size(list))))]};
  }

  // ── Declarations ──

  auto declaration(int number) -> std::string {
    switch (below(17)) {
      case 0: return "flow shop " + block(Where::Flow);
      case 1: return one_in(2) ? "import std.policies" : "import \"other.flow\"";
      case 2: return fmt::format("enum Kind{} {{ small{}large }}", number, one_in(2) ? ", " : "\n");
      case 3: return fmt::format("type Order{} {{ {} }}", number, fields());
      case 4: return fmt::format("state {{ {} }}", state_fields());
      case 5: return fmt::format("realtime voice{} {}", number, block(Where::Realtime));
      case 6: return fmt::format("service shop{} {}", number, block(Where::Service));
      case 7: return fmt::format("transfer human{} {}", number, block(Where::Transfer));
      case 8: return fmt::format("channel line{} {}", number, block(Where::Channel));
      case 9: return fmt::format("policy patient{}{} {}", number, one_in(2) ? " : background" : "", block(Where::Policy));
      case 10: return fmt::format("tool look{}({}){} {} {}", number, one_in(3) ? "" : "a: int, b: [string]? = none \"what\"", one_in(3) ? "" : " -> [Order?]?", effect(), block(Where::Tool));
      case 11:
      case 12: return fmt::format("agent desk{}{} {}", number, one_in(3) ? " : billing" : "", agent());
      case 13: return handoff();
      case 14: return handler();
      case 15: return fmt::format("locale \"de-DE\" {{ {} : {}{}{} : {} }}", text(), text(), one_in(2) ? " ; " : "\n", text(), text());
      default: return one_in(2) ? fmt::format("rule no{} {}", number, block(Where::Rule)) : test(number);
    }
  }

  auto effect() -> std::string { return any(std::array{"pure", "reads", "writes", "writes once"}); }
  auto type() -> std::string { return any(std::array{"string", "int?", "[date]", "Order", "[[money]]?", "shop.Kind"}); }
  auto fields() -> std::string { return fmt::format("id: string, name: {} pii \"whose\"{} when: {} = none", type(), one_in(2) ? "," : "\n", type()); }

  auto state_fields() -> std::string {
    std::string out = fmt::format("topic: {}", type());
    for (const auto& info : check::clauses::all()) {
      if (info.where == Where::State && one_in(2)) out += fmt::format(", f_{}: {} {}", info.name, type(), clause(info));
    }
    return out + (one_in(2) ? ", tries: int = 0" : "");
  }

  auto agent() -> std::string {
    auto out = block(Where::Agent);
    out.pop_back();
    if (one_in(2)) out += "\n" + handoff() + "\n";
    if (one_in(2)) out += "\n" + handler() + "\n";
    if (one_in(2)) out += "\n" + form() + "\n";
    return out + "}";
  }

  auto form() -> std::string {
    std::string out = "form request {";
    for (const auto* name : {"order", "reason"}) {
      out += fmt::format("\n{}: {}", name, type());
      for (const auto& info : check::clauses::all()) {
        if (info.where != Where::FormField || !one_in(3)) continue;
        const auto text = clause(info);
        out += " " + text;
        if (text.find("else ") != text.npos) break;  // `else` is the last of a field
      }
    }
    auto rest = block(Where::Form);
    return out + "\n" + rest.substr(1);
  }

  auto handoff() -> std::string {
    auto out = "handoff " + (one_in(5) ? std::string{"back"} : any(Agents));
    switch (below(4)) {
      case 0: out += " when \"the caller wants it\""; break;
      case 1: out += " on " + event(); break;
      case 2: out += " after 2m"; break;
      default: break;
    }
    if (one_in(2)) out += " if " + condition();
    if (one_in(3)) return out;
    auto inside = block(Where::Handoff);
    if (!one_in(3)) return out + " " + inside;
    inside.pop_back();
    return out + " " + inside + "\ncarry reason: string \"why\", count: int\n}";
  }

  auto handler() -> std::string { return fmt::format("on {}{} {}", event(), one_in(3) ? " if " + condition() : "", actions()); }

  auto test(int number) -> std::string {
    auto out = fmt::format("test \"number {}\" {{", number);
    for (int i = 0; i < 3; ++i) {
      const auto& steps = check::steps::clauses();
      const auto name = steps[static_cast<std::size_t>(below(static_cast<int>(steps.size())))];
      out += fmt::format("\n{} {}", name, shape(check::steps::shape_of(name), Where::Nowhere));
    }
    return out + "\n}";
  }

  // ── Clauses ──

  auto block(Where where) -> std::string {
    std::string out = "{";
    std::set<std::string> first_words;
    for (const auto& info : check::clauses::all()) {
      if (info.where != where || !one_in(3) || ++clauses_ > 400) continue;
      if (++depth_ < 4) out += fmt::format("{}{}", one_in(4) ? " " : "\n", clause(info)) + (one_in(4) ? " ;" : "\n");
      --depth_;
    }
    return out + "}";
  }

  auto clause(const check::ClauseInfo& info) -> std::string {
    const auto values = shape(info.shape, info.block);
    return values.empty() ? std::string{info.name} : fmt::format("{} {}", info.name, values);
  }

  // What the notation of shape.h stands for: one way of writing it.
  auto shape(std::string_view notation, Where inside) -> std::string {
    text_ = notation;
    at_ = 0;
    inside_ = inside;
    const auto tree = either();
    std::string out;
    write(tree, out);
    return out;
  }

  struct Node {
    enum class Kind { Word, Sequence, Either, Optional, List } kind = Kind::Sequence;
    std::string text;
    std::vector<Node> inner;
  };
  auto take(std::string_view sign) -> bool {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  auto ends() -> bool {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ >= text_.size() || text_[at_] == '|' || text_[at_] == ']' || text_[at_] == ')';
  }
  auto either() -> Node {
    Node out{Node::Kind::Either, {}, {}};
    do {
      Node row;
      while (!ends()) {
        auto item = one();
        if (take(", ...")) item = Node{Node::Kind::List, {}, {item}};
        row.inner.push_back(std::move(item));
      }
      out.inner.push_back(std::move(row));
    } while (take("|"));
    return out;
  }
  auto one() -> Node {
    for (const auto& [opening, closing, kind] : {std::tuple{"[", "]", Node::Kind::Optional}, std::tuple{"(", ")", Node::Kind::Sequence}}) {
      if (!take(opening)) continue;
      Node out{kind, {}, {either()}};
      FLOW_ASSERT(take(closing), std::string{text_});
      return out;
    }
    for (const auto* whole : {"{...}", "if EXPR", "else ACTION"}) {
      if (take(whole)) return {Node::Kind::Word, whole, {}};
    }
    const auto begin = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) ++at_;
    FLOW_ASSERT(at_ > begin, std::string{text_});
    Node out{Node::Kind::Word, std::string{text_.substr(begin, at_ - begin)}, {}};
    take("~");
    return out;
  }
  void write(const Node& node, std::string& out) {
    switch (node.kind) {
      case Node::Kind::Word: {
        const auto inside = inside_;
        const auto word = value(node.text);
        inside_ = inside;
        out += (out.empty() ? "" : " ") + word;
        break;
      }
      case Node::Kind::Sequence:
        for (const auto& each : node.inner) write(each, out);
        break;
      case Node::Kind::Either: write(node.inner[static_cast<std::size_t>(below(static_cast<int>(node.inner.size())))], out); break;
      case Node::Kind::Optional:
        if (one_in(2)) write(node.inner.front(), out);
        break;
      case Node::Kind::List:
        for (int i = below(3); i >= 0; --i) {
          write(node.inner.front(), out);
          if (i > 0) out += ",";
        }
        break;
    }
  }

  auto value(const std::string& kind) -> std::string {
    if (kind == "{...}") return block(inside_);
    if (kind == "if EXPR") return "if " + condition();
    if (kind == "else ACTION") return "else " + (one_in(2) ? action() : actions());
    if (kind == "ACTION") return one_in(2) ? action() : actions();
    if (std::isupper(static_cast<unsigned char>(kind[0])) == 0) return kind;
    if (kind == "TEXT") return any(std::array{"\"hello\"", "\"a \\\"b\\\" \\\\ \\n c\"", "\"grüße, 你好\"", "\"\"\"\n  one\n    two\n  \"\"\""});
    if (kind == "TEMPLATE") return text();
    if (kind == "LINE") return any(std::array{"", "protected ", "model "}) + text();
    if (kind == "INT") return std::to_string(below(100));
    if (kind == "NUMBER") return any(std::array{"3", "1.5", "-0.25"});
    if (kind == "PERCENT") return any(std::array{"80%", "5%"});
    if (kind == "DURATION") return any(std::array{"250ms", "2.9s", "2m", "1h", "30d"});
    if (kind == "DURATIONS") return "1s..8s";
    if (kind == "INTS") return "4..6";
    if (kind == "CALL") return fmt::format("{}({})", any(Tools), one_in(2) ? "" : "query: \"last week\", limit: 5");
    if (kind == "EXPR") return operand();
    if (kind == "SECRET") return "secret(\"THE_KEY\")";
    if (kind == "ENV") return "env(\"THE_PLACE\")";
    if (kind == "FILE") return "file(\"prompts/desk.md\")";
    if (kind == "VALUE") return any(std::array{"\"https://example.com\"", "env(\"THE_PLACE\")", "secret(\"THE_KEY\")"});
    if (kind == "PHONE") return "phone(\"+15550100\")";
    if (kind == "SIP") return "sip(\"sip:desk@example.com\")";
    if (kind == "QUEUE") return "queue(\"claims\")";
    if (kind == "AGENT" || kind == "TARGET") return any(Agents);
    if (kind == "TOOL") return any(Tools);
    if (kind == "TOOLS") return any(std::array{"look", "calendar.*", "not calendar.delete", "orders.book"});
    if (kind == "POLICY") return any(std::array{"background", "policies.urgent"});
    return any(Names);  // NAME, PATH, PARAMETER, REALTIME, SERVICE, …
  }

  auto text() -> std::string {
    return any(std::array{"\"One moment.\"", "\"Hello{if caller}, {caller.name}{else} you{/if}.\"", "\"It is {topic}.\"", "\"\"\"\n    Be brief.\n\n      {if x}Be {x}.{/if}\n    \"\"\"", "\"\""});
  }

  // ── Expressions, actions, events ──

  // After a word a parenthesis would make a call of it.
  auto operand() -> std::string {
    const auto out = expression(2);
    return out.starts_with('(') ? "verified == " + out : out;
  }

  auto condition() -> std::string { return expression(2); }
  auto expression(int depth) -> std::string {
    if (depth == 0) return any(std::array{"verified", "caller.name", "3", "\"A1\"", "true", "none", "2.5", "call.from"});
    const auto part = [&] { return expression(depth - 1); };
    switch (below(8)) {
      case 0: return fmt::format("({} {} {})", part(), any(std::array{"==", "!=", "<", "<=", ">", ">=", "in", "not in"}), part());
      case 1: return fmt::format("(not {})", part());
      case 2: return fmt::format("({} and {} or {})", part(), part(), part());
      case 3: return fmt::format("[{}, {}]", part(), part());
      case 4: return fmt::format("Order(id: {}, {})", part(), "tries");
      default: return part();
    }
  }

  auto actions() -> std::string {
    std::string out = "{ " + action();
    for (int i = below(3); i > 0; --i) out += (one_in(2) ? " ; " : "\n") + action();
    return out + " }";
  }
  auto action() -> std::string {
    if (depth_ > 3) return "end_call";
    ++depth_;
    std::string out;
    switch (below(6)) {
      case 0: out = "set verified = " + expression(1); break;
      case 1: out = "handoff " + any(Agents); break;
      case 2: out = fmt::format("if {} {}{}", condition(), actions(), one_in(2) ? " else " + actions() : ""); break;
      default: out = verb(Where::Action); break;
    }
    --depth_;
    return out;
  }
  auto event() -> std::string { return verb(Where::Event); }
  auto verb(Where where) -> std::string {
    std::vector<const check::ClauseInfo*> all;
    for (const auto& info : check::clauses::all()) {
      if (info.where == where) all.push_back(&info);
    }
    const auto kept = std::tuple{text_, at_, inside_};
    auto out = clause(*all[static_cast<std::size_t>(below(static_cast<int>(all.size())))]);
    std::tie(text_, at_, inside_) = kept;
    return out;
  }

  std::mt19937_64 random_;
  std::string_view text_;  // of the shape that is read, and how far
  std::size_t at_ = 0;
  Where inside_ = Where::Nowhere;
  int depth_ = 0, clauses_ = 0;
};

}  // namespace

auto random_source(std::uint64_t seed) -> std::string { return Maker{seed}.make(); }

}  // namespace flow::test
