#include "compiler/check/text_key.h"

namespace flow::check {

auto text_key(const Sources& sources, const ast::Template& text) -> std::string {
  if (!sources.has(text.at.file)) return {};
  auto written = sources[text.at.file].text(text.at);
  const std::size_t quotes = written.starts_with("\"\"\"") ? 3 : 1;
  if (written.size() < 2 * quotes) return {};
  written = written.substr(quotes, written.size() - 2 * quotes);
  std::string out;
  for (const char c : written) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace flow::check
