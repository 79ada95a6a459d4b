#include "runtime/telemetry/svg.h"

#include <fmt/format.h>

#include <cmath>

#include "runtime/telemetry/words.h"

namespace flow::telemetry {
namespace {

// The code point of one UTF-8 sequence whose bytes were found to belong together.
auto code_point(std::string_view sequence) -> char32_t {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return lead;
  char32_t point = lead & (0xFFU >> (sequence.size() + 1));
  for (const char c : sequence.substr(1)) point = point << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return point;
}

// XML 1.0, production Char, without what `printable` has taken out already; and the shortest form only.
auto is_char(std::string_view sequence) -> bool {
  const auto point = code_point(sequence);
  const std::size_t shortest = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return sequence.size() == shortest && !surrogate && point != 0xFFFE && point != 0xFFFF && point <= 0x10FFFF;
}

}  // namespace

auto escaped(std::string_view text) -> std::string {
  const auto clean = printable(text);
  std::string out;
  out.reserve(clean.size());
  for (std::size_t i = 0; i < clean.size();) {
    const auto lead = static_cast<unsigned char>(clean[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const auto sequence = std::string_view(clean).substr(i, length);
    i += length;
    if (!is_char(sequence)) out += '?';
    else if (sequence == "&") out += "&amp;";
    else if (sequence == "<") out += "&lt;";
    else if (sequence == ">") out += "&gt;";
    else if (sequence == "\"") out += "&quot;";
    else out += sequence;
  }
  return out;
}

auto number(double value) -> std::string {
  const auto tenths = std::llround(value * 10);
  const auto sign = tenths < 0 ? "-" : "";
  const auto whole = std::llabs(tenths) / 10, rest = std::llabs(tenths) % 10;
  return rest == 0 ? fmt::format("{}{}", sign, whole) : fmt::format("{}{}.{}", sign, whole, rest);
}

Svg::Svg(double width, double height, std::string_view title, std::string_view style) {
  out_ = fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img">)"
                     "\n<title>{2}</title>\n<style>\n{3}</style>\n",
                     number(width), number(height), escaped(title), style);
}

void Svg::close(std::string_view element, std::string_view tip) {
  if (tip.empty()) out_ += "/>\n";
  else out_ += fmt::format("><title>{}</title></{}>\n", escaped(tip), element);
}

void Svg::box(std::string_view of, double x, double y, double width, double height, double round, std::string_view tip) {
  out_ += fmt::format(R"(<rect class="{}" x="{}" y="{}" width="{}" height="{}")", of, number(x), number(y), number(width), number(height));
  if (round > 0) out_ += fmt::format(R"( rx="{}")", number(round));
  close("rect", tip);
}

void Svg::line(std::string_view of, double x1, double y1, double x2, double y2) {
  path(of, fmt::format("M{} {}L{} {}", number(x1), number(y1), number(x2), number(y2)));
}

void Svg::path(std::string_view of, std::string_view data, std::string_view tip) {
  out_ += fmt::format(R"(<path class="{}" d="{}")", of, data);
  close("path", tip);
}

void Svg::dot(std::string_view of, double x, double y, double radius, std::string_view tip) {
  out_ += fmt::format(R"(<circle class="{}" cx="{}" cy="{}" r="{}")", of, number(x), number(y), number(radius));
  close("circle", tip);
}

void Svg::text(std::string_view of, double x, double y, std::string_view words, std::string_view tip) {
  const auto inside = tip.empty() ? std::string{} : fmt::format("<title>{}</title>", escaped(tip));
  out_ += fmt::format(R"(<text class="{}" x="{}" y="{}">{}{}</text>)"
                      "\n",
                      of, number(x), number(y), inside, escaped(words));
}

auto Svg::take() -> std::string { return std::move(out_) + "</svg>\n"; }

}  // namespace flow::telemetry
