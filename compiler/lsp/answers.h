#pragma once
// What an editor is told: plain values, in its own lines and characters. The wire (lsp/) writes them down.

#include <string>
#include <vector>

#include "compiler/diag/diag.h"
#include "compiler/lsp/text.h"

namespace flow::lsp {

struct Location {
  std::string path;
  Range range;
  auto operator<=>(const Location&) const = default;
};

struct TextEdit {
  std::string path;
  Range range;
  std::string text;
  auto operator<=>(const TextEdit&) const = default;
};

struct Message {
  Range range;
  diag::Severity severity = diag::Severity::Error;
  std::string code;
  std::string text;
  std::vector<std::pair<Location, std::string>> notes;
};

struct Hover {
  Range range;
  std::string markdown;
};

struct Completion {
  enum class Kind { Clause, Word, Snippet, Agent, Tool, Policy, Type, Value, Variable, Module, File };
  std::string label;
  Kind kind = Kind::Word;
  std::string detail;    // one line beside it
  std::string doc;       // Markdown
  std::string insert;    // what is put in; a snippet in the notation of editors (`$1`, `${1:words}`, `$0`)
  auto operator==(const Completion&) const -> bool = default;
};
struct Completions {
  Range replaces;  // the word that was begun
  std::vector<Completion> items;
};

struct CodeAction {
  std::string title;
  std::string code;  // of the message; empty: of all
  bool all = false;  // everything that can be fixed in the file
  std::vector<TextEdit> edits;
};

struct Outline {
  enum class Kind { File, Agent, Tool, Policy, Type, Enum, Value, Field, Handoff, Handler, Test, Connection, Form, Rule };
  std::string name;
  std::string detail;
  Kind kind = Kind::Agent;
  Range range;      // the whole declaration
  Range selection;  // its name
  std::vector<Outline> inside;
};

struct Fold {
  std::uint32_t begin = 0, end = 0;  // lines, from 0
  bool comment = false;
};

// A coloured word. The order of the kinds is that of `colour_names`.
enum class Colour { Keyword, Clause, Word, Agent, Tool, Policy, Type, EnumMember, Variable, Parameter, Property, Namespace, String, Number, Comment, Operator };
auto colour_names() -> const std::vector<std::string>&;  // as the protocol calls them
struct Coloured {
  std::uint32_t line = 0, character = 0, length = 0;  // never longer than its line
  Colour colour = Colour::Keyword;
  bool declares = false;
};

struct Hint {
  Position at;
  std::string text;
  std::string tooltip;
};

struct Lens {
  Range range;
  std::string title;
  std::string command;                 // `flowc.runTest`, `flowc.showGraph`
  std::vector<std::string> arguments;  // the file, and of a test its title
};

}  // namespace flow::lsp
