#pragma once
// A flow as long as one likes, of the usual things in the usual mix, without a mistake; for measuring.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

namespace flow::test {

struct BigFlow {
  std::string flow;  // big.flow
  std::string lua;   // tools/big.lua beside it
  int lines = 0;
};

inline auto big_flow(int lines) -> BigFlow {
  BigFlow big;
  const auto add = [&](const std::string& text) {
    big.flow += text;
    for (const char c : text) big.lines += c == '\n';
  };
  add(R"(/// A company of many desks.
flow big {
  edition  2026
  start    desk_1
  max_duration 1h
  realtime voice
  locale   "en-US"
}

realtime voice {
  provider simulated
}

type Order { id: string, item: string, amount: int }

state {
  caller_name: string?
  verified:    bool = false
}

/// Check who is calling.
tool identify(code: string pii "the caller's code") -> string reads {
  lua    "tools/big.lua"
  sets   caller_name = result, verified = true
}

)");
  big.lua += "function identify(code)\n  return code\nend\n";
  constexpr int BlockLines = 33;
  const int desks = std::max(2, (lines - big.lines) / BlockLines);
  for (int i = 1; i <= desks; ++i) {
    const int next = i % desks + 1;
    add(fmt::format(R"(enum Topic_{0} {{ orders_{0}, returns_{0}, other_{0} }}

policy lookup_{0} {{
  ack      "One moment, I'm looking that up." after 400ms
  deliver  interrupt
  announce "I have the result now."
  timeout  30s else say "The system of desk {0} does not answer today."
  expires  5m
}}

/// Find what desk {0} knows about a caller's orders.
tool look_{0}(query: string "what the caller is looking for", limit: int = 5) -> [Order] reads {{
  lua      "tools/big.lua"
  policy   lookup_{0}
  examples "what did I order at desk {0}", "where is my parcel from desk {0}"
}}

agent desk_{0} {{
  voice        "marin"
  greet first  "Hello{{if caller_name}}, {{caller_name}}{{/if}}. This is desk {0}."
  instructions """
    You are desk {0} of a large company. Keep answers under two sentences.
    {{if verified}}The caller is known to us.{{else}}Nobody has checked who is calling.{{/if}}
    Pass everything about other things on to the next desk.
    """
  tools        look_{0}

  handoff desk_{1} when "the caller asks about the things of desk {1}" {{
    carry reason_{0}: string "what it is about"
    say   "I'm putting you through to desk {1}."
  }}
}}

)", i, next));
    fmt::format_to(std::back_inserter(big.lua), "function look_{}(query, limit)\n  return {{}}\nend\n", i);
  }
  return big;
}

}  // namespace flow::test
