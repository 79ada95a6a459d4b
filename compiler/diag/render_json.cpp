// The JSON rendering; README.md documents its schema.

#include "compiler/diag/render.h"
#include "compiler/ir/value.h"

namespace flow::diag {
namespace {

using Record = Value::Record;

auto position(const SourceFile& file, std::uint32_t byte) -> Value {
  const auto p = file.position(byte);
  return Record{
      {"line", static_cast<int>(p.line)}, {"column", static_cast<int>(p.column)}, {"byte", static_cast<int>(byte)}};
}

auto place(Span at, const Sources& sources) -> Value {
  if (!sources.has(at.file)) return {};
  const auto& file = sources[at.file];
  return Record{{"file", file.path()}, {"begin", position(file, at.begin)}, {"end", position(file, at.end)}};
}

auto to_value(const Diagnostic& d, const Sources& sources) -> Value {
  Value::List args, notes, fix;
  for (const auto& a : d.args) args.push_back(Record{{"kind", a.kind}, {"text", a.text}});
  for (const auto& n : d.notes) notes.push_back(Record{{"at", place(n.at, sources)}, {"text", n.text}});
  for (const auto& e : d.fix) fix.push_back(Record{{"at", place(e.at, sources)}, {"text", e.text}});
  return Record{{"code", d.code},
                {"severity", d.severity == Severity::Error ? "error" : "warning"},
                {"name", d.name},
                {"text", d.text},
                {"args", std::move(args)},
                {"at", place(d.at, sources)},
                {"notes", std::move(notes)},
                {"fix", std::move(fix)}};
}

}  // namespace

auto render_json(const Report& report, const Sources& sources) -> std::string {
  Value::List list;
  for (const auto& d : report.sorted()) list.push_back(to_value(d, sources));
  return to_json(Record{{"version", 1},
                        {"errors", static_cast<int>(report.errors())},
                        {"warnings", static_cast<int>(report.warnings())},
                        {"diagnostics", std::move(list)}});
}

}  // namespace flow::diag
