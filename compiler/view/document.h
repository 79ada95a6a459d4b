#pragma once
// A page of text before it is Markdown or HTML. In the texts, `…` is code; everything else is taken as it is.

#include <string>
#include <string_view>
#include <vector>

namespace flow::view {

struct Document {
  struct Part {
    enum class Kind { Heading, Text, Quote, Items, Table };
    Kind kind = Kind::Text;
    int level = 2;                               // of Heading
    std::string text;                            // of Heading, Text and Quote
    std::vector<std::vector<std::string>> rows;  // of Table, its head first; of Items one cell a row
  };
  std::vector<Part> parts;

  void heading(int level, std::string text) { parts.push_back({Part::Kind::Heading, level, std::move(text), {}}); }
  // Nothing is added for an empty text, nor for an empty list.
  void text(std::string words);
  void quote(std::string words);
  void items(const std::vector<std::string>& words);
  void table(std::vector<std::vector<std::string>> rows);  // with its head alone nothing is added
};

auto as_markdown(const Document& document) -> std::string;
// Without page around it. Headings of level 2 and below have ids made of their words.
auto as_html(const Document& document) -> std::string;

}  // namespace flow::view
