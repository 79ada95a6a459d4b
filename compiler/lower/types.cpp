#include "compiler/lower/types.h"

#include <algorithm>

#include "compiler/check/field_clauses.h"
#include "compiler/ir/schema.h"
#include "compiler/lower/expressions.h"
#include "compiler/lower/forms.h"

namespace flow::lower {
namespace {

using Kind = ir::Type::Kind;

// Lists in lists; beyond this `verify` would refuse the program.
constexpr int ListDepthMax = 8;
constexpr int RecordDepthMax = 16;

auto scalar(std::string_view name) -> std::optional<Kind> {
  static constexpr std::pair<std::string_view, Kind> Scalars[] = {
      {"string", Kind::String}, {"int", Kind::Int},   {"float", Kind::Float},        {"bool", Kind::Bool},   {"duration", Kind::Duration}, {"date", Kind::Date},
      {"time", Kind::Time},     {"money", Kind::Money}, {"datetime", Kind::DateTime}, {"phone", Kind::Phone}, {"email", Kind::Email},       {"json", Kind::Json}};
  const auto* found = std::ranges::find(Scalars, name, &std::pair<std::string_view, Kind>::first);
  return found == std::end(Scalars) ? std::nullopt : std::optional{found->second};
}

auto named_type(Context& context, const ast::Path& name) -> std::optional<ir::Type> {
  if (name.missing()) return std::nullopt;
  if (name.simple()) {
    if (const auto kind = scalar(name.parts[0].text)) return ir::Type{.kind = *kind};
  }
  if (const auto* declared = context.scope().enumeration(name)) {
    const auto found = context.enums.find(declared);
    if (found != context.enums.end()) return ir::Type{.kind = Kind::Enum, .enumeration = found->second};
  }
  if (const auto* declared = context.scope().record(name)) {
    const auto found = context.records.find(declared);
    if (found != context.records.end()) return ir::Type{.kind = Kind::Record, .record = found->second};
  }
  return std::nullopt;
}

auto lower_type(Context& context, const ast::TypeRef& type, int depth) -> std::optional<Id<ir::Type>> {
  if (type.kind == ast::TypeRef::Kind::Missing) return std::nullopt;
  std::optional<ir::Type> row;
  if (type.kind == ast::TypeRef::Kind::Named) {
    row = named_type(context, type.name);
  } else if (depth >= ListDepthMax) {
    context.report().add(type.at, diag::TypeTooDeep, diag::Count{ListDepthMax});
  } else if (type.element) {
    if (const auto element = lower_type(context, *type.element, depth + 1)) row = ir::Type{.kind = Kind::List, .element = *element};
  }
  if (!row) return std::nullopt;
  row->optional = type.optional;
  return type_row(context.program, *row);
}

// How deep records stand in each other, or more than the most if one contains itself.
auto record_depth(const ir::Program& program, Id<ir::Record> id, int above) -> int {
  if (above > RecordDepthMax) return above;
  int deepest = above;
  for (const auto& field : program.records[id].fields) {
    auto type = program.types[field.type];
    while (type.kind == Kind::List) type = program.types[type.element];
    if (type.kind != Kind::Record) continue;
    deepest = std::max(deepest, record_depth(program, type.record, above + 1));
    if (deepest > RecordDepthMax) break;
  }
  return deepest;
}

// Whose it is must be known when a call begins, so only the call's own facts can say it.
void lower_persist(Context& context, const ast::Clause& clause, ir::StateField& row) {
  check::Args args{clause};
  const auto time = args.duration();
  if (!time || !args.word("by") || args.done()) return;
  const auto* whose = args.path();
  if (!whose || whose->parts.size() != 2 || whose->parts[0].text != "call") {
    context.report().add(clause.args.back().value.at, diag::KeptByWhom);
    return;
  }
  const auto text = type_row(context.program, {.kind = Kind::String});
  const auto key = Expressions{context}.value_for(clause.args.back().value, text);
  if (*time < ir::Millis{1'000}) context.report().add(clause.args[0].value.at, diag::OutOfRange, diag::Name{"persist"}, diag::Text{"at least `1s`"});
  if (key) row.kept_for = *time, row.kept_by = *key;
}

void lower_state(Context& context, const ast::Field& field) {
  const auto type = lower_type(context, field.type);
  if (!type || context.state.contains(&field)) return;
  ir::StateField row{.name = field.name.text, .type = *type, .pii = field.pii || field.secret, .initial = {}};
  if (field.fallback) {
    if (const auto initial = Expressions{context, {}, true}.value_for(*field.fallback, *type)) row.initial = *initial;
  } else if (!context.program.types[*type].optional) {
    context.report().add(field.name.at, diag::StateNeedsValue, diag::Name{field.name.text}).fix({field.type.at.file, field.type.at.end, field.type.at.end}, "?");
  }
  const auto clauses = check::field_clauses(check::Where::State, field);
  if (const auto* persist = check::clause(clauses, "persist")) lower_persist(context, *persist, row);
  if (const auto* extract = check::clause(clauses, "extract")) row.extract = check::Args{*extract}.constant().value_or("");
  context.state[&field] = context.program.state.add(std::move(row));
}

// Rows without their fields first, because types may be named before they are declared.
void declare(Context& context) {
  for (const auto* module : context.modules) {
    for (const auto& e : module->tree.enums) {
      ir::Enum row{.name = fresh_name(context.program.enums, e.name.text), .values = {}};
      for (const auto& value : e.values) {
        if (std::ranges::find(row.values, value.name.text) == row.values.end()) row.values.push_back(value.name.text);
      }
      if (!e.name.missing() && !row.values.empty()) context.enums[&e] = context.program.enums.add(std::move(row));
    }
    for (const auto& record : module->tree.types) {
      if (!record.name.missing()) context.records[&record] = context.program.records.add({.name = fresh_name(context.program.records, record.name.text), .fields = {}});
    }
  }
}

}  // namespace

void lower_types(Context& context) {
  declare(context);
  for (const auto* module : context.modules) {
    for (const auto& record : module->tree.types) {
      if (!context.records.contains(&record)) continue;
      auto fields = lower_fields(context, record.fields);
      context.program.records[context.records[&record]].fields = std::move(fields);
    }
  }
  for (const auto& [declared, row] : context.records) {
    if (record_depth(context.program, row, 0) > RecordDepthMax) context.report().add(declared->name.at, diag::RecursiveType, diag::Name{declared->name.text});
  }
  for (const auto* module : context.modules) {
    for (const auto& state : module->tree.states) {
      for (const auto& field : state.fields) lower_state(context, field);
    }
  }
  if (const auto fields = extracted_fields(context.program); !fields.empty()) context.program.extract_schema = ir::parameters_schema(context.program, fields);
}

auto lower_type(Context& context, const ast::TypeRef& type) -> std::optional<Id<ir::Type>> { return lower_type(context, type, 0); }

auto type_row(ir::Program& program, const ir::Type& type) -> Id<ir::Type> {
  for (std::size_t i = 0; i < program.types.size(); ++i) {
    if (program.types[program.types.id_at(i)] == type) return program.types.id_at(i);
  }
  return program.types.add(type);
}

auto lower_fields(Context& context, const std::vector<ast::Field>& fields) -> std::vector<ir::Field> {
  std::vector<ir::Field> rows;
  for (const auto& field : fields) {
    const auto type = lower_type(context, field.type);
    if (!type || std::ranges::find(rows, field.name.text, &ir::Field::name) != rows.end()) continue;
    ir::Field row{.name = field.name.text, .type = *type, .doc = field.doc.text, .pii = field.pii.has_value(), .fallback = {}};
    if (field.description) row.doc = field.description->constant().value_or(row.doc);
    if (field.fallback) {
      if (const auto value = Expressions{context, {}, true}.value_for(*field.fallback, *type)) row.fallback = *value;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

auto is_number(const ir::Type& type) -> bool { return type.kind == Kind::Int || type.kind == Kind::Float; }

auto is_text(const ir::Type& type) -> bool {
  switch (type.kind) {
    case Kind::String:
    case Kind::Date:
    case Kind::Time:
    case Kind::DateTime:
    case Kind::Money:
    case Kind::Phone:
    case Kind::Email: return true;
    default: return false;
  }
}

auto fits(const ir::Program& program, const ir::Type& from, const ir::Type& to) -> bool {
  if (to.kind == Kind::Json) return true;
  if (to.kind == Kind::String) return is_text(from) || from.kind == Kind::Enum;
  if (to.kind == Kind::Float) return is_number(from);
  if (from.kind != to.kind) return false;
  if (to.kind == Kind::Enum) return from.enumeration == to.enumeration;
  if (to.kind == Kind::Record) return from.record == to.record;
  if (to.kind != Kind::List) return true;
  if (!from.element) return true;  // an empty list
  const auto& element = program.types[from.element];
  const auto& wanted = program.types[to.element];
  return fits(program, element, wanted) && (!element.optional || wanted.optional);
}

auto comparable(const ir::Program& program, const ir::Type& left, const ir::Type& right) -> bool {
  if (is_text(left) && is_text(right)) return true;
  return fits(program, left, right) || fits(program, right, left);
}

auto orderable(const ir::Type& left, const ir::Type& right) -> bool {
  if (is_text(left) && is_text(right)) return true;
  if (left.kind == Kind::Duration || right.kind == Kind::Duration) return left.kind == right.kind;
  return is_number(left) && is_number(right);
}

}  // namespace flow::lower
