#include "runtime/telemetry/otlp.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "compiler/base/match.h"
#include "compiler/ir/hash.h"

namespace flow::telemetry {
namespace {

using core::Millis;

// Of a time as 2026-11-20T22:15:00Z.
auto since_1970(std::string_view time) -> std::chrono::sys_seconds {
  const auto part = [&](std::size_t at, std::size_t size) {
    int number = 0;
    if (time.size() >= at + size) std::from_chars(time.data() + at, time.data() + at + size, number);
    return number;
  };
  const std::chrono::year_month_day day{std::chrono::year{part(0, 4)}, std::chrono::month{static_cast<unsigned>(part(5, 2))}, std::chrono::day{static_cast<unsigned>(part(8, 2))}};
  if (!day.ok()) return {};
  return std::chrono::sys_days{day} + std::chrono::hours{part(11, 2)} + std::chrono::minutes{part(14, 2)} + std::chrono::seconds{part(17, 2)};
}

// The protocol's JSON writes whole numbers of 64 bits as text.
auto any_value(const Value& value) -> Value {
  return match(
      value.data, [](bool truth) -> Value { return Value::Record{{"boolValue", truth}}; },
      [](std::int64_t number) -> Value { return Value::Record{{"intValue", std::to_string(number)}}; },
      [](double number) -> Value { return Value::Record{{"doubleValue", number}}; },
      [](const Value::List& list) -> Value {
        Value::List values;
        for (const auto& each : list) values.push_back(any_value(each));
        return Value::Record{{"arrayValue", Value::Record{{"values", std::move(values)}}}};
      },
      [&](const auto&) -> Value { return Value::Record{{"stringValue", to_spoken(value)}}; });
}

auto attributes(const Value::Record& all) -> Value::List {
  Value::List out;
  for (const auto& [name, value] : all) out.emplace_back(Value::Record{{"key", name}, {"value", any_value(value)}});
  return out;
}

class Writer {
 public:
  explicit Writer(const TraceOf& of) : trace_(ir::digest(fmt::format("trace\n{}\n{}\n{}", of.flow, of.call, of.started)).substr(0, 32)), began_(since_1970(of.started)) {}

  auto span(const std::vector<TraceSpan>& spans, std::size_t at) const -> Value {
    const auto& span = spans[at];
    Value::Record out{{"traceId", trace_}, {"spanId", id(at)}};
    if (span.parent) out.emplace_back("parentSpanId", id(*span.parent));
    out.emplace_back("name", span.name);
    out.emplace_back("kind", span.kind == TraceSpan::Kind::Server ? 2 : 1);
    out.emplace_back("startTimeUnixNano", time(span.from));
    out.emplace_back("endTimeUnixNano", time(span.until));
    auto said = span.attributes;
    if (!span.error.empty()) said.emplace_back("error.type", span.error);
    out.emplace_back("attributes", attributes(said));
    if (span.error.empty()) out.emplace_back("status", Value::Record{});
    else out.emplace_back("status", Value::Record{{"code", 2}, {"message", span.error}});
    return out;
  }

 private:
  auto id(std::size_t span) const -> std::string { return ir::digest(fmt::format("span\n{}\n{}", trace_, span)).substr(0, 16); }
  auto time(core::Instant at) const -> std::string {
    const auto since = std::chrono::nanoseconds{began_.time_since_epoch()} + at.since_start;
    return std::to_string(std::chrono::nanoseconds{since}.count());
  }

  std::string trace_;
  std::chrono::sys_seconds began_;
};

}  // namespace

auto to_otlp(const std::vector<TraceSpan>& spans, const TraceOf& of) -> std::string {
  const Writer writer{of};
  Value::List written;
  for (std::size_t i = 0; i < spans.size(); ++i) written.push_back(writer.span(spans, i));
  const Value::Record scope{{"scope", Value::Record{{"name", "flowc"}}}, {"spans", std::move(written)}};
  const Value::Record resource{{"resource", Value::Record{{"attributes", attributes({{"service.name", of.flow}})}}}, {"scopeSpans", Value::List{scope}}};
  return to_json(Value::Record{{"resourceSpans", Value::List{resource}}});
}

}  // namespace flow::telemetry
