#include "runtime/telemetry/svg.h"

#include <fmt/format.h>

#include <cmath>

#include "compiler/base/markup.h"
#include "runtime/telemetry/words.h"

namespace flow::telemetry {

static auto on_one_line(std::string_view text) -> std::string { return escaped(printable(text)); }

auto number(double value) -> std::string {
  const auto tenths = std::llround(value * 10);
  const auto sign = tenths < 0 ? "-" : "";
  const auto whole = std::llabs(tenths) / 10, rest = std::llabs(tenths) % 10;
  return rest == 0 ? fmt::format("{}{}", sign, whole) : fmt::format("{}{}.{}", sign, whole, rest);
}

Svg::Svg(double width, double height, std::string_view title, std::string_view style) {
  out_ = fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img">)"
                     "\n<title>{2}</title>\n<style>\n{3}</style>\n",
                     number(width), number(height), on_one_line(title), style);
}

void Svg::close(std::string_view element, std::string_view tip) {
  if (tip.empty()) out_ += "/>\n";
  else out_ += fmt::format("><title>{}</title></{}>\n", on_one_line(tip), element);
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
  const auto inside = tip.empty() ? std::string{} : fmt::format("<title>{}</title>", on_one_line(tip));
  out_ += fmt::format(R"(<text class="{}" x="{}" y="{}">{}{}</text>)"
                      "\n",
                      of, number(x), number(y), inside, on_one_line(words));
}

auto Svg::take() -> std::string { return std::move(out_) + "</svg>\n"; }

}  // namespace flow::telemetry
