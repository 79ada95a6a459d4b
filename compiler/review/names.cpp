#include "compiler/review/names.h"

namespace flow::review {

Names::Names(const Subject& subject) : s_(subject) {
  for (const auto* module : subject.modules) {
    const auto carry = [&](const ast::Handoff& edge) {
      for (const auto& field : edge.block.carries) carried_[field.name.text] = &field;
    };
    for (const auto& edge : module->tree.handoffs) carry(edge);
    for (const auto& agent : module->tree.agents) {
      for (const auto& edge : agent.block.handoffs) carry(edge);
    }
    for (const auto& tool : module->tree.tools) {
      for (const auto& param : tool.params) parameters_[param.name.text] = &param;
    }
    for (const auto& each : module->tree.enums) {
      for (const auto& value : each.values) enum_values_.insert(value.name.text);
    }
  }
}

auto Names::form(std::string_view name, const Place& place) const -> const ast::Form* {
  if (!place.agent) return nullptr;
  for (const auto* each : lineage(s_.scope(), *place.agent)) {
    for (const auto& form : each->block.forms) {
      if (form.name.text == name) return &form;
    }
  }
  return nullptr;
}

auto Names::local(std::string_view name, const Place& place) const -> const ast::Field* {
  if (place.tool) {
    for (const auto& param : place.tool->params) {
      if (param.name.text == name) return &param;
    }
    return nullptr;
  }
  for (std::size_t i = 0; place.form && i < place.form->fields.size(); ++i) {
    if (place.form->fields[i].name.text == name) return &place.form->fields[i];
  }
  const auto& known = place.policy ? parameters_ : carried_;
  const auto found = known.find(name);
  return found == known.end() ? nullptr : found->second;
}

auto Names::is_local(std::string_view name, const Place& place) const -> bool {
  return local(name, place) || form(name, place) || (name == "result" && (place.tool || place.policy));
}

auto Names::state(const ast::Path& path, const Place& place) const -> const ast::Field* {
  if (path.missing() || is_local(path.parts[0].text, place)) return nullptr;
  return s_.scope().state({{path.parts[0]}, path.parts[0].at});
}

auto Names::record(const ast::TypeRef& type) const -> const ast::TypeDecl* {
  return type.kind == ast::TypeRef::Kind::Named ? s_.scope().record(type.name) : nullptr;
}

auto Names::fields(const ast::Path& path, const Place& place) const -> Fields {
  if (path.missing()) return {};
  Fields out;
  const ast::TypeDecl* in = nullptr;
  std::size_t next = 1;
  const auto* asked = local(path.parts[0].text, place) ? nullptr : form(path.parts[0].text, place);
  if (path.parts[0].text == "result" && place.tool) {
    in = record(place.tool->result);
  } else if (asked) {
    for (const auto& field : asked->fields) {
      if (path.parts.size() < 2 || field.name.text != path.parts[1].text) continue;
      out.push_back(&field);
      in = record(field.type);
    }
    if (out.empty()) return {};
    next = 2;
  } else {
    const auto* first = is_local(path.parts[0].text, place) ? local(path.parts[0].text, place) : state(path, place);
    if (!first) return {};
    out.push_back(first);
    in = record(first->type);
  }
  for (std::size_t i = next; i < path.parts.size(); ++i) {
    const ast::Field* found = nullptr;
    for (std::size_t f = 0; in && f < in->fields.size(); ++f) {
      if (in->fields[f].name.text == path.parts[i].text) found = &in->fields[f];
    }
    if (!found) return out;
    out.push_back(found);
    in = record(found->type);
  }
  return out;
}

auto Names::is_enum_value(const ast::Path& path) const -> bool { return path.simple() && enum_values_.contains(path.parts[0].text); }

}  // namespace flow::review
