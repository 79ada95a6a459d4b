#pragma once
// A script for the simulated model: what it answers to what, for a demonstration or a test. Lines of text:
//
//     # the order desk
//     when what did I order          the caller's turn has these words, in any order, however inflected
//     call lookup_orders {"query": "last week"}
//     when result lookup_orders      that tool's result has come
//     say You ordered boots.
//
// Each `when` is followed by what it does: any number of `say` lines, spoken as one, then `call` lines. The first that
// fits is taken; what fits none is answered as without a script.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"

namespace flow::simulate {

struct Scripted {
  std::vector<std::string> words;  // stems; empty if it waits for a result
  std::string result_of;           // a tool's name, or empty
  std::string say;
  struct Step {
    std::string name, arguments;
  };
  std::vector<Step> calls;
};

class Script {
 public:
  Script() = default;
  // R0120 with the line that cannot be read.
  static auto read(std::string_view text) -> Result<Script>;

  auto for_words(std::string_view said) const -> const Scripted*;
  auto for_result(std::string_view tool) const -> const Scripted*;

 private:
  std::vector<Scripted> turns_;
};

}  // namespace flow::simulate
