#pragma once
// Answers as the protocol writes them, and what it asks as values.

#include <string_view>

#include "compiler/ir/value.h"
#include "compiler/lsp/answers.h"

namespace flow::lsp {

// A member of members, `textDocument.uri`; none if there is no such.
auto at(const Value& value, std::string_view path) -> const Value&;
auto text_at(const Value& value, std::string_view path) -> std::string;
// A count that is not negative and fits; else 0.
auto count_at(const Value& value, std::string_view path) -> std::uint32_t;

auto read_position(const Value& value) -> Position;
auto read_range(const Value& value) -> Range;

auto write(Position position) -> Value;
auto write(Range range) -> Value;
auto write(const Location& location) -> Value;
auto write(const Message& message) -> Value;
auto write(const Completion& item, Range replaces, std::size_t order, bool snippets) -> Value;
auto write(const Outline& outline) -> Value;
auto write(const Lens& lens) -> Value;
auto write(const Hint& hint) -> Value;
// A `WorkspaceEdit`: edits by file.
auto write(const std::vector<TextEdit>& edits) -> Value;
auto write_edits(const std::vector<TextEdit>& edits) -> Value;
auto write(const std::vector<Coloured>& colours) -> Value;
auto symbol_kind(Outline::Kind kind) -> int;

template <class List>
auto write_all(const List& list) -> Value {
  Value::List out;
  for (const auto& each : list) out.push_back(write(each));
  return out;
}

}  // namespace flow::lsp
