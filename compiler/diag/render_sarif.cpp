// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Columns count characters from 1 there as
// here, and the end is one past the last.

#include <fmt/format.h>

#include <algorithm>

#include "compiler/diag/render.h"
#include "compiler/ir/value.h"

namespace flow::diag {
namespace {

using Record = Value::Record;

auto level(Severity severity) -> const char* { return severity == Severity::Error ? "error" : "warning"; }

// A path as a URI: relative ones stay so, what a URI does not hold is written by its number.
auto uri(const std::string& path) -> std::string {
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || std::string_view{"/-._~"}.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
}

auto artifact(const SourceFile& file) -> Value { return Record{{"uri", uri(file.path())}}; }

auto region(const SourceFile& file, Span at) -> Value {
  const auto begin = file.position(at.begin);
  const auto end = file.position(at.end);
  const auto number = [](std::uint32_t n) { return Value{static_cast<std::int64_t>(n)}; };
  return Record{{"startLine", number(begin.line)}, {"startColumn", number(begin.column)}, {"endLine", number(end.line)}, {"endColumn", number(end.column)}};
}

auto location(Span at, const Sources& sources, const std::string& text = {}) -> Value {
  const auto& file = sources[at.file];
  Record out{{"physicalLocation", Record{{"artifactLocation", artifact(file)}, {"region", region(file, at)}}}};
  if (!text.empty()) out.emplace_back("message", Record{{"text", text}});
  return out;
}

// The edits by file, since a change is of one file.
auto fix(const Diagnostic& d, const Sources& sources) -> Value {
  Value::List changes;
  std::vector<FileId> done;
  for (const auto& first : d.fix) {
    const auto id = first.at.file;
    if (std::ranges::find(done, id) != done.end() || !sources.has(id)) continue;
    done.push_back(id);
    Value::List replacements;
    for (const auto& edit : d.fix) {
      if (edit.at.file != id) continue;
      replacements.push_back(Record{{"deletedRegion", region(sources[id], edit.at)}, {"insertedContent", Record{{"text", edit.text}}}});
    }
    changes.push_back(Record{{"artifactLocation", artifact(sources[id])}, {"replacements", std::move(replacements)}});
  }
  return Record{{"description", Record{{"text", "what was probably meant"}}}, {"artifactChanges", std::move(changes)}};
}

auto result(const Diagnostic& d, std::size_t rule, const Sources& sources) -> Value {
  Record out{{"ruleId", d.code}, {"ruleIndex", static_cast<std::int64_t>(rule)}, {"level", level(d.severity)}, {"message", Record{{"text", d.text}}}};
  Value::List places, related;
  if (sources.has(d.at.file)) places.push_back(location(d.at, sources));
  out.emplace_back("locations", std::move(places));
  for (const auto& note : d.notes) {
    if (sources.has(note.at.file)) related.push_back(location(note.at, sources, note.text));
  }
  if (!related.empty()) out.emplace_back("relatedLocations", std::move(related));
  if (!d.fix.empty()) out.emplace_back("fixes", Value::List{fix(d, sources)});
  return out;
}

// The first line of a page, without its `# F0301: `.
auto title(std::string_view page) -> std::string_view {
  const auto line = page.substr(0, page.find('\n'));
  const auto colon = line.find(": ");
  return colon == line.npos ? line : line.substr(colon + 2);
}

auto rule(const Diagnostic& d) -> Value {
  const auto entry = std::ranges::find(all_entries(), d.code, &Entry::code);
  const auto page = explain(d.code);
  return Record{{"id", d.code},
                {"name", d.name},
                {"shortDescription", Record{{"text", title(page)}}},
                {"help", Record{{"text", fmt::format("flowc explain {}", d.code)}, {"markdown", page}}},
                {"defaultConfiguration", Record{{"level", level(entry->severity)}}}};
}

}  // namespace

auto render_sarif(const Report& report, const Sources& sources, std::string_view version) -> std::string {
  Value::List rules, results;
  std::vector<std::string_view> codes;
  for (const auto& d : report.sorted()) {
    auto at = std::ranges::find(codes, d.code);
    if (at == codes.end()) {
      at = codes.insert(codes.end(), d.code);
      rules.push_back(rule(d));
    }
    results.push_back(result(d, static_cast<std::size_t>(at - codes.begin()), sources));
  }
  return to_json(Record{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", Value::List{Record{{"tool", Record{{"driver", Record{{"name", "flowc"}, {"version", version}, {"rules", std::move(rules)}}}}},
                                  {"columnKind", "unicodeCodePoints"},
                                  {"results", std::move(results)}}}}});
}

}  // namespace flow::diag
