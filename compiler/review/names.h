#pragma once
// What a name in an expression stands for, as far as the declarations say: state, parameters, carried values, and the
// fields of records below them.

#include <optional>
#include <set>
#include <string_view>

#include "compiler/review/subject.h"
#include "compiler/review/walk.h"

namespace flow::review {

// The field that a path ends in, and those it goes through, the first one first. Empty: nothing that has one, such as a
// value of an enum or a fact of the call.
using Fields = std::vector<const ast::Field*>;

class Names {
 public:
  explicit Names(const Subject& subject);

  // The field of the state that a path begins with, unless something nearer has that name.
  auto state(const ast::Path& path, const Place& place) const -> const ast::Field*;
  auto fields(const ast::Path& path, const Place& place) const -> Fields;
  // Whether the path is a value of an enum that the file sees.
  auto is_enum_value(const ast::Path& path) const -> bool;

 private:
  auto local(std::string_view name, const Place& place) const -> const ast::Field*;
  auto is_local(std::string_view name, const Place& place) const -> bool;
  // The form of the agent, or of one it inherits from, that is called so.
  auto form(std::string_view name, const Place& place) const -> const ast::Form*;
  // The record that a type is, through `?` but not through lists.
  auto record(const ast::TypeRef& type) const -> const ast::TypeDecl*;

  const Subject& s_;
  std::map<std::string_view, const ast::Field*> carried_;
  std::map<std::string_view, const ast::Field*> parameters_;  // of all tools, for the texts of policies
  std::set<std::string_view> enum_values_;
};

}  // namespace flow::review
