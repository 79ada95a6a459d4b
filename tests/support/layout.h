#pragma once
// What laying out a file must not change, and programs with their blanks thrown about.

#include <optional>
#include <string>
#include <vector>

namespace flow::test {

// Everything that the compiler makes of a file, without places: its messages, and the hash of its program if it has one.
// Files that it names are read from the disk.
auto meaning(const std::string& path, const std::string& text) -> std::string;

// Its comments in order.
auto comments(const std::string& text) -> std::vector<std::string>;

// The same tokens with other blanks, line ends, `;` and more comments; often still a program. It follows from the seed.
auto scattered(const std::string& text, std::uint64_t seed) -> std::string;

// What formatting the file breaks, in a sentence; nothing if all is well. Empty text: it has errors of syntax.
struct Formatted {
  std::string text;
  std::optional<std::string> broken;
};
auto format_and_look(const std::string& path, const std::string& text) -> Formatted;

}  // namespace flow::test
