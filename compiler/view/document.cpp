#include "compiler/view/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/view/page.h"

namespace flow::view {
namespace {

using Kind = Document::Part::Kind;

// What stands between backticks is code and stays; elsewhere what Markdown would take for its own is escaped.
auto markdown_text(std::string_view text) -> std::string {
  std::string out;
  bool code = false;
  for (const char c : text) {
    if (c == '`') code = !code;
    const bool special = c == '*' || c == '_' || c == '<' || c == '[' || (c == '#' && out.empty());
    if (!code && special) out += '\\';
    out += c;
  }
  return out;
}

auto html_text(std::string_view text) -> std::string {
  std::string out;
  bool code = false;
  for (const char c : text) {
    if (c == '`') {
      code = !code;
      out += code ? "<code>" : "</code>";
    } else {
      out += escaped(std::string_view{&c, 1});
    }
  }
  return out + (code ? "</code>" : "");
}

auto quoted_lines(const std::string& text) -> std::string {
  std::string out = "> ";
  for (const char c : markdown_text(text)) {
    out += c;
    if (c == '\n') out += "> ";
  }
  return out;
}

auto id_of(const std::string& text) -> std::string {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c != '`') out += std::isalnum(byte) || byte >= 0x80 || c == '_' ? static_cast<char>(std::tolower(byte)) : '-';
  }
  return out;
}

auto markdown_row(const std::vector<std::string>& cells) -> std::string {
  std::string out = "|";
  for (const auto& cell : cells) {
    auto text = markdown_text(cell);
    std::ranges::replace(text, '\n', ' ');
    for (std::size_t at = 0; (at = text.find('|', at)) != text.npos; at += 2) text.insert(at, 1, '\\');
    out += " " + text + " |";
  }
  return out + "\n";
}

}  // namespace

void Document::text(std::string words) {
  if (!words.empty()) parts.push_back({Part::Kind::Text, 0, std::move(words), {}});
}
void Document::quote(std::string words) {
  if (!words.empty()) parts.push_back({Part::Kind::Quote, 0, std::move(words), {}});
}
void Document::items(const std::vector<std::string>& words) {
  Part part{.kind = Part::Kind::Items, .text = {}, .rows = {}};
  for (const auto& each : words) part.rows.push_back({each});
  if (!words.empty()) parts.push_back(std::move(part));
}
void Document::table(std::vector<std::vector<std::string>> rows) {
  if (rows.size() > 1) parts.push_back({Part::Kind::Table, 0, {}, std::move(rows)});
}

auto as_markdown(const Document& document) -> std::string {
  std::string out;
  for (const auto& part : document.parts) {
    if (!out.empty()) out += "\n";
    switch (part.kind) {
      case Kind::Heading: out += std::string(static_cast<std::size_t>(part.level), '#') + " " + markdown_text(part.text) + "\n"; break;
      case Kind::Text: out += markdown_text(part.text) + "\n"; break;
      case Kind::Quote: out += quoted_lines(part.text) + "\n"; break;
      case Kind::Items:
        for (const auto& row : part.rows) out += "- " + markdown_text(row[0]) + "\n";
        break;
      case Kind::Table:
        out += markdown_row(part.rows[0]) + "|";
        for (std::size_t i = 0; i < part.rows[0].size(); ++i) out += "---|";
        out += "\n";
        for (std::size_t i = 1; i < part.rows.size(); ++i) out += markdown_row(part.rows[i]);
        break;
    }
  }
  return out;
}

auto as_html(const Document& document) -> std::string {
  std::string out;
  for (const auto& part : document.parts) {
    switch (part.kind) {
      case Kind::Heading: {
        const auto id = part.level > 1 ? fmt::format(" id=\"{}\"", escaped(id_of(part.text))) : "";
        out += fmt::format("<h{0}{1}>{2}</h{0}>\n", part.level, id, html_text(part.text));
        break;
      }
      case Kind::Text: out += "<p>" + html_text(part.text) + "</p>\n"; break;
      case Kind::Quote: out += "<blockquote>" + html_text(part.text) + "</blockquote>\n"; break;
      case Kind::Items:
        out += "<ul>";
        for (const auto& row : part.rows) out += "<li>" + html_text(row[0]) + "</li>";
        out += "</ul>\n";
        break;
      case Kind::Table:
        out += "<table>";
        for (std::size_t i = 0; i < part.rows.size(); ++i) {
          out += "<tr>";
          for (const auto& cell : part.rows[i]) out += fmt::format("<{0}>{1}</{0}>", i == 0 ? "th" : "td", html_text(cell));
          out += "</tr>";
        }
        out += "</table>\n";
        break;
    }
  }
  return out;
}

}  // namespace flow::view
