// Jobs at a service that works for minutes: handed in, asked for, fetched. Each step is one try of the tool, and when
// the next is due is the session's to say. What is sent and answered: OpenAI's Batch API, and those that speak it.

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/schema.h"
#include "runtime/json/json.h"
#include "runtime/tools/answer.h"
#include "runtime/tools/doers.h"
#include "runtime/tools/request.h"

namespace flow::tools {
namespace {

constexpr auto CustomId = "job";
constexpr auto Boundary = "flowc-2f1b7c9e4d5a";
constexpr std::size_t FileMax = std::size_t{8} << 20;

auto text_of(const Value* value) -> std::string { return value && value->text() ? *value->text() : std::string{}; }

// The line of the file that is handed in.
auto line_of(const ir::Program& program, const Task& task) -> std::string {
  const auto& tool = *task.tool;
  Value::List messages;
  if (!tool.doc.empty()) messages.push_back(Value::Record{{"role", "system"}, {"content", tool.doc}});
  messages.push_back(Value::Record{{"role", "user"}, {"content", to_json(task.arguments)}});
  Value::Record body{{"model", tool.work->model}, {"messages", std::move(messages)}};
  if (program.types[tool.result].kind != ir::Type::Kind::String) {
    auto schema = json::parse(ir::parameters_schema(program, {{.name = "result", .type = tool.result}}));
    if (schema) body.emplace_back("response_format", Value::Record{{"type", "json_schema"}, {"json_schema", Value::Record{{"name", "result"}, {"strict", true}, {"schema", *std::move(schema)}}}});
  }
  return to_json(Value::Record{{"custom_id", CustomId}, {"method", "POST"}, {"url", "/v1/chat/completions"}, {"body", std::move(body)}}) + "\n";
}

auto file_of(const std::string& line) -> std::string {
  return fmt::format("--{0}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
                     "--{0}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"job.jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n{1}\r\n--{0}--\r\n",
                     Boundary, line);
}

auto is_name(const std::string& id) -> bool {
  return !id.empty() && id.size() <= 256 && std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
}

// One step of one job; a step may be two requests, one after the other.
class BatchStep : public std::enable_shared_from_this<BatchStep> {
 public:
  BatchStep(const Outside& outside, Task task, Hearer hearer) : outside_(outside), task_(std::move(task)), hearer_(std::move(hearer)) {}

  void run() { task_.handle.empty() ? hand_in() : look(); }

 private:
  void hand_in() {
    auto request = this->request("POST", "/files");
    request.headers.push_back({"Content-Type", fmt::format("multipart/form-data; boundary={}", Boundary)});
    request.body = file_of(line_of(outside_.program, task_));
    send(std::move(request), [this](const Value& file) {
      const auto id = text_of(file.field("id"));
      if (!is_name(id)) return fail("R0209", "the service did not say which file it took");
      begin(id);
    });
  }

  void begin(const std::string& file) {
    auto request = this->request("POST", "/batches");
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = to_json(Value::Record{{"input_file_id", file}, {"endpoint", "/v1/chat/completions"}, {"completion_window", "24h"}});
    send(std::move(request), [this](const Value& batch) {
      const auto id = text_of(batch.field("id"));
      if (!is_name(id)) return fail("R0209", "the service did not say which job it began");
      end(Pending{id});
    });
  }

  void look() {
    send(request("GET", "/batches/" + task_.handle), [this](const Value& batch) {
      const auto status = text_of(batch.field("status"));
      if (status == "validating" || status == "in_progress" || status == "finalizing" || status == "cancelling") return end(Pending{task_.handle});
      const auto output = text_of(batch.field("output_file_id")), errors = text_of(batch.field("error_file_id"));
      if (status == "completed" && is_name(output)) return fetch(output);
      if (is_name(errors)) return fetch(errors);
      fail("R0213", fmt::format("the job came to nothing: {}{}", status, why(batch)));
    });
  }

  static auto why(const Value& batch) -> std::string {
    const auto* errors = batch.field("errors");
    const auto* data = errors ? errors->field("data") : nullptr;
    if (!data || !data->list() || data->list()->empty()) return {};
    return ", " + shortened(text_of(data->list()->front().field("message")));
  }

  void fetch(const std::string& file) {
    auto request = this->request("GET", "/files/" + file + "/content");
    request.body_max = FileMax;
    send_text(std::move(request), [this](std::string_view lines) { read(lines); });
  }

  // The lines are in any order; ours has our name.
  void read(std::string_view lines) {
    while (!lines.empty()) {
      const auto end_of_line = std::min(lines.find('\n'), lines.size());
      const auto line = json::parse(lines.substr(0, end_of_line));
      lines.remove_prefix(std::min(end_of_line + 1, lines.size()));
      if (!line || text_of(line->field("custom_id")) != CustomId) continue;
      const auto *response = line->field("response"), *error = line->field("error");
      if (error && error->record()) return fail("R0213", "the job failed: " + shortened(text_of(error->field("message"))));
      const auto* body = response ? response->field("body") : nullptr;
      const auto* status = response ? response->field("status_code") : nullptr;
      if (!body || !status || *status != Value(200)) return fail("R0213", "the job failed: " + shortened(body ? to_json(*body) : "no answer"));
      return answered(*body);
    }
    fail("R0209", "the service's file does not hold the job's answer");
  }

  void answered(const Value& body) {
    const auto* choices = body.field("choices");
    const auto* message = choices && choices->list() && !choices->list()->empty() ? choices->list()->front().field("message") : nullptr;
    const auto content = text_of(message ? message->field("content") : nullptr);
    const auto& tool = *task_.tool;
    if (outside_.program.types[tool.result].kind == ir::Type::Kind::String) return content.empty() ? fail("R0213", "the model said nothing") : end(Done{content});
    const auto parsed = json::parse(content, {.bytes = AnswerMax, .depth = 32});
    const auto* result = parsed ? parsed->field("result") : nullptr;
    if (!result) return fail("R0209", "the model's answer is not as declared: " + shortened(content, 120));
    end(Done{trimmed(outside_.program, *result, tool.result)});
  }

  // ── Requests ──
  auto request(const char* method, const std::string& path) const -> net::HttpRequest {
    const auto& work = *task_.tool->work;
    auto url = outside_.settings.text(work.url);
    while (url.ends_with('/')) url.pop_back();
    net::HttpRequest out{.method = method, .url = url + path, .body_max = AnswerMax};
    out.headers.push_back({"Accept", "application/json"});
    if (!work.key.empty()) out.headers.push_back({"Authorization", "Bearer " + outside_.settings.secret(work.key)});
    return out;
  }

  void send_text(net::HttpRequest request, std::function<void(std::string_view)> then) {
    request.deadline = std::chrono::ceil<net::Millis>(task_.ends_at - outside_.loop.now());
    request_ = outside_.fetch(outside_.loop, std::move(request), [weak = weak_from_this(), then = std::move(then)](const Result<net::HttpResponse>& answer) {
      const auto self = weak.lock();
      if (!self) return;
      if (!answer) return self->end(Failed{answer.error().code, answer.error().text, worth_another_try(answer.error())});
      if (answer->status / 100 != 2) return self->end(refusal(fmt::format("the service of `{}`", self->task_.tool->name), *answer));
      then(answer->body);
    });
  }

  void send(net::HttpRequest request, std::function<void(const Value&)> then) {
    send_text(std::move(request), [this, then = std::move(then)](std::string_view text) {
      const auto parsed = json::parse(text, {.bytes = AnswerMax, .depth = 32});
      if (!parsed || !parsed->record()) return fail("R0209", "the service's answer is no JSON: " + shortened(text, 120));
      then(*parsed);
    });
  }

  void fail(std::string code, std::string text) { end(Failed{std::move(code), fmt::format("`{}`: {}", task_.tool->name, text)}); }
  void end(Outcome outcome) {
    const auto keep = shared_from_this();
    if (const auto done = std::exchange(hearer_, {}).done) done(std::move(outcome));
  }

  const Outside& outside_;
  Task task_;
  Hearer hearer_;
  std::shared_ptr<void> request_;
};

class BatchDoer final : public Doer {
 public:
  explicit BatchDoer(const Outside& outside) : outside_(outside) {}

  auto start(Task task, Hearer hearer) -> std::shared_ptr<void> override {
    const auto step = std::make_shared<BatchStep>(outside_, std::move(task), std::move(hearer));
    step->run();
    return step;
  }

  // The service may stop working on it, and may not.
  void give_up(const Task& task) override {
    const auto& work = *task.tool->work;
    auto url = outside_.settings.text(work.url);
    while (url.ends_with('/')) url.pop_back();
    if (!is_name(task.handle)) return;
    net::HttpRequest request{.method = "POST", .url = url + "/batches/" + task.handle + "/cancel", .deadline = net::Millis{10'000}};
    if (!work.key.empty()) request.headers.push_back({"Authorization", "Bearer " + outside_.settings.secret(work.key)});
    const auto number = ++last_;
    farewells_[number] = outside_.fetch(outside_.loop, std::move(request), [this, number](const Result<net::HttpResponse>&) {
      const auto said = std::move(farewells_[number]);
      farewells_.erase(number);
    });
  }

 private:
  const Outside& outside_;
  std::map<int, std::shared_ptr<void>> farewells_;
  int last_ = 0;
};

}  // namespace

auto batch_doer(const Outside& outside) -> std::unique_ptr<Doer> { return std::make_unique<BatchDoer>(outside); }

}  // namespace flow::tools
