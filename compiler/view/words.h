#pragma once
// Parts of a compiled flow as an author would write them.

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"

namespace flow::view {

// `Hello{if caller}, {caller.name}{/if}.`, without quotes.
auto text(const ir::Program& program, const ir::Template& text) -> std::string;
auto line(const ir::Program& program, const ir::Line& line) -> std::string;  // `model "say hello"`
auto actions(const ir::Program& program, const std::vector<ir::Action>& actions) -> std::string;  // `say "One."; end_call`
auto target(const ir::Program& program, const ir::Target& target) -> std::string;                 // an agent's name, or `back`
// `phone +15550100`.
auto place_of(const ir::Transfer& transfer) -> std::string;
auto trigger(const ir::Handoff& handoff) -> std::string;                 // `when "…"`, `on dtmf "0"`, `after 5m`; empty if data decides
auto guard(const ir::Program& program, Id<ir::Expr> guard) -> std::string;                        // `if verified`; empty if there is none
auto parameters(const ir::Program& program, const std::vector<ir::Field>& fields) -> std::string;  // `query: string, limit: int = 5`

// What does a tool's work, as its clause says it: `http shop GET "/orders/{id}"`; empty for what the runtime does itself.
auto work(const ir::Program& program, const ir::Tool& tool) -> std::string;
// `"https://…"`, `env("NAME")`, `secret("NAME")`.
auto setting(const ir::Setting& setting) -> std::string;
// Where a service is: `url env("SHOP_API")`; how we are let in: `bearer secret("SHOP_TOKEN")`, or nothing.
auto place(const ir::Service& service) -> std::string;
auto auth(const ir::Service& service) -> std::string;

// A policy's cells in the order of the reference, each with its whole value.
struct Cell {
  std::string_view name;
  std::string value;
  auto operator==(const Cell&) const -> bool = default;
};
auto cells(const ir::Program& program, const ir::Policy& policy) -> std::vector<Cell>;

// What the model is told about an agent's work: the words of the template and of all it may choose from.
auto word_count(const ir::Template& text) -> std::size_t;

}  // namespace flow::view
