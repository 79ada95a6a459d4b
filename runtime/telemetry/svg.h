#pragma once
// The few shapes a picture is made of, as SVG. Coordinates are pixels; classes name what a shape is, and a style sheet
// says how that looks.

#include <string>
#include <string_view>

namespace flow::telemetry {

class Svg {
 public:
  // A part of a picture: `add` puts it into another.
  Svg() = default;
  Svg(double width, double height, std::string_view title, std::string_view style);

  // `tip` is shown when a pointer rests on the shape; empty: none.
  void box(std::string_view of, double x, double y, double width, double height, double round = 0, std::string_view tip = {});
  void line(std::string_view of, double x1, double y1, double x2, double y2);
  void path(std::string_view of, std::string_view data, std::string_view tip = {});
  void dot(std::string_view of, double x, double y, double radius, std::string_view tip = {});
  void text(std::string_view of, double x, double y, std::string_view words, std::string_view tip = {});

  void add(const Svg& part) { out_ += part.out_; }
  auto take() -> std::string;  // the whole file

 private:
  void close(std::string_view element, std::string_view tip);
  std::string out_;
};

// A coordinate, short: one decimal at most.
auto number(double value) -> std::string;

}  // namespace flow::telemetry
