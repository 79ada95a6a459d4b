#include "lsp/wire.h"

#include <algorithm>
#include <limits>
#include <map>

#include "lsp/uri.h"

namespace flow::lsp {
namespace {

using Record = Value::Record;

// A snippet without its places, for editors that know none: `voice "$1"$0` is `voice ""`.
auto without_places(std::string_view text) -> std::string {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      out += text[++i];
    } else if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') {
      auto body = text.substr(i + 2, text.find('}', i) - i - 2);
      i = std::min(text.find('}', i), text.size());
      const auto colon = body.find_first_of(":|");
      if (colon == body.npos) continue;
      body.remove_prefix(colon + 1);
      out += body.substr(0, body.find_first_of(",|"));
    } else if (text[i] == '$') {
      while (i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9') ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

auto completion_kind(Completion::Kind kind) -> int {
  switch (kind) {
    case Completion::Kind::Clause: return 10;   // Property
    case Completion::Kind::Word: return 14;     // Keyword
    case Completion::Kind::Snippet: return 15;
    case Completion::Kind::Agent: return 7;     // Class
    case Completion::Kind::Tool: return 3;      // Function
    case Completion::Kind::Policy: return 8;    // Interface
    case Completion::Kind::Type: return 22;     // Struct
    case Completion::Kind::Value: return 20;    // EnumMember
    case Completion::Kind::Variable: return 6;
    case Completion::Kind::Module: return 9;
    case Completion::Kind::File: return 17;
  }
  return 1;
}

}  // namespace

auto at(const Value& value, std::string_view path) -> const Value& {
  static const Value none;
  const auto dot = path.find('.');
  const auto* field = value.field(path.substr(0, dot));
  if (!field) return none;
  return dot == path.npos ? *field : at(*field, path.substr(dot + 1));
}

auto text_at(const Value& value, std::string_view path) -> std::string {
  const auto* text = at(value, path).text();
  return text ? *text : std::string{};
}

auto count_at(const Value& value, std::string_view path) -> std::uint32_t {
  const auto* number = std::get_if<std::int64_t>(&at(value, path).data);
  if (!number || *number < 0) return 0;
  return static_cast<std::uint32_t>(std::min<std::int64_t>(*number, std::numeric_limits<std::int32_t>::max()));
}

auto read_position(const Value& value) -> Position { return {count_at(value, "line"), count_at(value, "character")}; }
auto read_range(const Value& value) -> Range { return {read_position(at(value, "start")), read_position(at(value, "end"))}; }

auto write(Position position) -> Value { return Record{{"line", std::int64_t{position.line}}, {"character", std::int64_t{position.character}}}; }
auto write(Range range) -> Value { return Record{{"start", write(range.begin)}, {"end", write(range.end)}}; }
auto write(const Location& location) -> Value { return Record{{"uri", uri_of(location.path)}, {"range", write(location.range)}}; }

auto write(const Message& message) -> Value {
  Value::List related;
  for (const auto& [place, text] : message.notes) related.push_back(Record{{"location", write(place)}, {"message", text}});
  return Record{{"range", write(message.range)},
                {"severity", message.severity == diag::Severity::Error ? 1 : 2},
                {"code", message.code},
                {"source", "flowc"},
                {"message", message.text},
                {"relatedInformation", std::move(related)}};
}

auto write(const Completion& item, Range replaces, std::size_t order, bool snippets) -> Value {
  auto sort = std::to_string(order);
  sort.insert(0, sort.size() < 5 ? 5 - sort.size() : 0, '0');
  const bool has_places = item.insert.find('$') != item.insert.npos;
  Record out{{"label", item.label},
             {"kind", completion_kind(item.kind)},
             {"sortText", std::move(sort)},
             {"textEdit", Record{{"range", write(replaces)}, {"newText", has_places && !snippets ? without_places(item.insert) : item.insert}}}};
  if (has_places && snippets) out.emplace_back("insertTextFormat", 2);
  if (!item.detail.empty()) out.emplace_back("detail", item.detail);
  if (!item.doc.empty()) out.emplace_back("documentation", Record{{"kind", "markdown"}, {"value", item.doc}});
  return out;
}

auto symbol_kind(Outline::Kind kind) -> int {
  switch (kind) {
    case Outline::Kind::File: return 2;        // Module
    case Outline::Kind::Agent: return 5;       // Class
    case Outline::Kind::Tool: return 12;       // Function
    case Outline::Kind::Policy: return 11;     // Interface
    case Outline::Kind::Type: return 23;       // Struct
    case Outline::Kind::Enum: return 10;
    case Outline::Kind::Value: return 22;      // EnumMember
    case Outline::Kind::Field: return 8;
    case Outline::Kind::Handoff:
    case Outline::Kind::Handler: return 24;    // Event
    case Outline::Kind::Test: return 6;        // Method
    case Outline::Kind::Connection: return 19; // Object
    case Outline::Kind::Form: return 18;       // Array
    case Outline::Kind::Rule: return 14;       // Constant
  }
  return 13;
}

auto write(const Outline& outline) -> Value {
  return Record{{"name", outline.name},           {"detail", outline.detail},
                {"kind", symbol_kind(outline.kind)}, {"range", write(outline.range)},
                {"selectionRange", write(outline.selection)}, {"children", write_all(outline.inside)}};
}

auto write(const Lens& lens) -> Value {
  Value::List arguments;
  for (std::size_t i = 0; i < lens.arguments.size(); ++i) arguments.push_back(i == 0 ? uri_of(lens.arguments[i]) : lens.arguments[i]);
  return Record{{"range", write(lens.range)}, {"command", Record{{"title", lens.title}, {"command", lens.command}, {"arguments", std::move(arguments)}}}};
}

auto write(const Hint& hint) -> Value {
  return Record{{"position", write(hint.at)}, {"label", hint.text}, {"paddingLeft", true}, {"tooltip", Record{{"kind", "markdown"}, {"value", hint.tooltip}}}};
}

auto write_edits(const std::vector<TextEdit>& edits) -> Value {
  Value::List out;
  for (const auto& edit : edits) out.push_back(Record{{"range", write(edit.range)}, {"newText", edit.text}});
  return out;
}

auto write(const std::vector<TextEdit>& edits) -> Value {
  std::map<std::string, std::vector<TextEdit>> by_file;
  for (const auto& edit : edits) by_file[edit.path].push_back(edit);
  Record changes;
  for (const auto& [path, list] : by_file) changes.emplace_back(uri_of(path), write_edits(list));
  return Record{{"changes", std::move(changes)}};
}

// Five numbers a word, each place counted from the one before.
auto write(const std::vector<Coloured>& colours) -> Value {
  Value::List data;
  std::uint32_t line = 0, character = 0;
  for (const auto& each : colours) {
    if (each.line != line) character = 0;
    for (const std::uint32_t number : {each.line - line, each.character - character, each.length, static_cast<std::uint32_t>(each.colour), each.declares ? 1u : 0u})
      data.push_back(std::int64_t{number});
    line = each.line;
    character = each.character;
  }
  return Record{{"data", std::move(data)}};
}

}  // namespace flow::lsp
