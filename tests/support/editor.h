#pragma once
// A workspace as an editor drives it, with files that are only in memory. A § in a text is where the cursor stands.

#include <algorithm>
#include <map>
#include <string>

#include "compiler/lsp/workspace.h"

namespace flow::test {

// Beside the program that `shop` gives.
inline const std::string ShopLua = "function find(query, limit)\n  return {}\nend\n";

struct Cursor {
  std::string text;
  lsp::Position at;
};

inline auto cursor(std::string text) -> Cursor {
  const auto mark = text.find("§");
  const auto before = text.substr(0, mark);
  const auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n'));
  const auto column = before.size() - (before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1);
  if (mark != text.npos) text.erase(mark, std::string_view{"§"}.size());
  return {std::move(text), {line, static_cast<std::uint32_t>(column)}};
}

class Editor {
 public:
  std::map<std::string, std::string> disk;  // by path

  explicit Editor(std::map<std::string, std::string> files = {}) : disk(std::move(files)), work({.read = [this](const std::string& path) { return read(path); }}) {
    std::vector<std::string> flows;
    for (const auto& [path, text] : disk) {
      if (path.ends_with(".flow")) flows.push_back(path);
    }
    work.set_files(flows);
  }
  Editor(const Editor&) = delete;

  // Opens the text without its mark, and gives where the mark was.
  auto open(const std::string& path, const std::string& marked) -> lsp::Position {
    auto [text, at] = cursor(marked);
    work.open(path, std::move(text));
    return at;
  }
  auto codes(const std::string& path) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& message : work.messages(path)) out.push_back(message.code);
    return out;
  }
  auto labels(const std::string& marked) -> std::vector<std::string> {
    const auto at = open("/w/main.flow", marked);
    std::vector<std::string> out;
    for (const auto& item : work.completions("/w/main.flow", at).items) out.push_back(item.label);
    return out;
  }

 private:
  auto read(const std::string& path) const -> Result<std::string> {
    if (path == "/w/find.lua") return ShopLua;
    const auto found = disk.find(path);
    if (found == disk.end()) return failure("F0801", "no such file");
    return found->second;
  }

 public:
  lsp::Workspace work;
};

// A whole small program, for tests to write into: `shop("agent …")`.
inline auto shop(const std::string& more = {}) -> std::string {
  return R"(/// A small shop.
flow shop {
  edition 2026
  start   desk
  max_duration 1h
}

enum Topic { orders, returns }
type Order { id: string, price: int }

state {
  topic: Topic?
  order: Order?
}

policy quick {
  deliver interrupt
}

/// Find an order.
tool find(query: string "what is looked for", limit: int = 5) -> Order reads {
  lua      "find.lua"
  policy   quick
  sets     order = result, topic = orders
}

/// Answers the phone.
agent desk {
  instructions "Help. {if order}It is order {order.id}.{/if}"
  tools        find
  handoff back_office if topic == returns
}

agent back_office {
  instructions "Help with returns."
  tools        end
  handoff desk when "that is done"
}

tool end() writes { builtin end_call }
)" + more;
}

}  // namespace flow::test
