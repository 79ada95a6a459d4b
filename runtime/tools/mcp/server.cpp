#include "runtime/tools/mcp/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "runtime/tools/mcp/message.h"
#include "runtime/tools/mcp/sse.h"

namespace flow::tools::mcp {
namespace {

using Answered = std::function<void(Result<Value>)>;

constexpr std::array Versions{"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"};  // the newest first
constexpr int PagesMax = 100;
constexpr net::Millis OpenAtMost{15'000};
constexpr net::Millis NoticeAtMost{5'000};

// A question that waits for its answer.
struct Question {
  std::string method;
  Value params;
  net::Time until;
  std::function<void(const std::string&)> progress;
  Answered done;
  std::int64_t id = 0;
  bool sent = false, asked_twice = false;
  std::shared_ptr<void> request;  // over HTTP, as what follows
  SseDecoder events;
  std::string body;
};
using QuestionRef = std::shared_ptr<Question>;

auto text_of(const Value& record, const char* name) -> std::string {
  const auto* value = record.field(name);
  return value && value->text() ? *value->text() : std::string{};
}

auto as_error(const std::string& who, const Message& message) -> tl::unexpected<Error> {
  return failure("R0207", fmt::format("{} refuses: {}{}", who, message.text.substr(0, 300), message.text.empty() ? fmt::format("error {}", message.code) : ""));
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  explicit Impl(ServerSetup its) : setup(std::move(its)), who("MCP server `" + setup.name + "`") {}

  enum class Stage { Closed, Opening, Open };

  ServerSetup setup;
  std::string who;
  Stage stage = Stage::Closed;
  std::int64_t last_id = 0;
  std::map<std::int64_t, QuestionRef> asked;  // by id
  std::vector<QuestionRef> waiting;           // for the server to be open
  QuestionRef greeting;
  std::string session, version;               // over HTTP
  std::map<int, std::shared_ptr<void>> notices;  // requests whose answer nobody reads
  int last_notice = 0;
  std::unique_ptr<net::Process> process;
  std::string line;

  auto over_http() const -> bool { return setup.program.command.empty(); }
  void open();
  void greeted(const Result<Value>& answer);
  void opened();
  void lost(const Error& error);
  void ask(const QuestionRef& question);
  void give_up(const std::weak_ptr<Question>& question);
  void finish(const QuestionRef& question, Result<Value> answer);
  void send(const QuestionRef& question);
  void post(const QuestionRef& question, std::string text);
  void heard(const QuestionRef& question, const net::HttpResponse& head, std::string_view piece);
  void answered(const QuestionRef& question, const Result<net::HttpResponse>& answer);
  void notify(Message message, std::function<void()> then = {});
  auto request(std::string text, net::Millis at_most) const -> net::HttpRequest;
  void start_program();
  void hear(std::string_view piece);
  void take(std::string_view text);
  void take(const Message& message);
};

// ── Opening ──────────────────────────────────────────────────────────────────────────────────────────────────

void Server::Impl::open() {
  stage = Stage::Opening;
  if (!over_http()) {
    start_program();
    if (stage == Stage::Closed) return;
  }
  greeting = std::make_shared<Question>();
  greeting->method = "initialize";
  greeting->params = Value::Record{{"protocolVersion", Versions[0]}, {"capabilities", Value::Record{}},
                                   {"clientInfo", Value::Record{{"name", "flowc"}, {"version", "1"}}}};
  greeting->until = setup.loop.now() + OpenAtMost;
  greeting->done = [this](const Result<Value>& answer) { greeted(answer); };
  send(greeting);
}

void Server::Impl::greeted(const Result<Value>& answer) {
  greeting.reset();
  if (!answer) return lost(answer.error());
  version = text_of(*answer, "protocolVersion");
  if (std::ranges::find(Versions, version) == Versions.end()) {
    return lost({"R0209", fmt::format("{} speaks the revision `{}`, which is not known here", who, version.substr(0, 40)), "revisions from 2024-11-05 to 2025-11-25 are"});
  }
  notify({.method = "notifications/initialized"}, [this] { opened(); });
}

void Server::Impl::opened() {
  if (stage != Stage::Opening) return;
  stage = Stage::Open;
  for (const auto& question : std::exchange(waiting, {})) {
    if (question->done) send(question);
  }
}

// Nothing that was asked is answered any more; the next question opens it anew.
void Server::Impl::lost(const Error& error) {
  const auto keep = shared_from_this();
  stage = Stage::Closed;
  session.clear();
  line.clear();
  const auto gone = std::move(process);
  const auto opening = std::exchange(greeting, {});
  if (opening) asked.erase(opening->id);
  auto all = std::exchange(waiting, {});
  for (auto& [id, question] : std::exchange(asked, {})) all.push_back(question);
  for (const auto& question : all) finish(question, tl::unexpected(error));
}

// ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────────

void Server::Impl::ask(const QuestionRef& question) {
  if (stage == Stage::Open) return send(question);
  waiting.push_back(question);
  if (stage == Stage::Opening) return;
  setup.loop.post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && self->stage == Stage::Closed && !self->waiting.empty()) self->open();
  });
}

void Server::Impl::finish(const QuestionRef& question, Result<Value> answer) {
  asked.erase(question->id);
  question->request.reset();
  question->progress = nullptr;
  if (const auto done = std::exchange(question->done, nullptr)) done(std::move(answer));
}

void Server::Impl::give_up(const std::weak_ptr<Question>& of) {
  const auto question = of.lock();
  if (!question || !question->done) return;
  question->done = nullptr;
  std::erase(waiting, question);
  question->request.reset();
  const auto tell = asked.erase(question->id) > 0 && stage == Stage::Open && question->sent;
  if (tell) notify({.method = "notifications/cancelled", .content = Value::Record{{"requestId", question->id}, {"reason", "nobody waits for it any more"}}});
}

void Server::Impl::send(const QuestionRef& question) {
  question->id = ++last_id;
  question->sent = true;
  asked[question->id] = question;
  Message message{.kind = Message::Kind::Request, .id = question->id, .method = question->method, .content = question->params};
  if (question->progress) {
    auto params = *message.content.record();
    params.emplace_back("_meta", Value::Record{{"progressToken", question->id}});
    message.content = Value(std::move(params));
  }
  auto text = write_message(message);
  if (over_http()) return post(question, std::move(text));
  if (process) process->write(text + "\n");
}

void Server::Impl::notify(Message message, std::function<void()> then) {
  auto text = write_message(message);
  if (!over_http()) {
    if (process) process->write(text + "\n");
    if (then) setup.loop.post([weak = weak_from_this(), then = std::move(then)] {
      if (const auto self = weak.lock()) then();
    });
    return;
  }
  const auto number = ++last_notice;
  notices[number] = setup.send(request(std::move(text), NoticeAtMost), [weak = weak_from_this(), number, then = std::move(then)](const Result<net::HttpResponse>& answer) {
    const auto self = weak.lock();
    if (!self) return;
    const auto done = std::move(self->notices[number]);
    self->notices.erase(number);
    if (!then) return;
    answer ? then() : self->lost(answer.error());
  });
}

// ── Over HTTP ────────────────────────────────────────────────────────────────────────────────────────────────

auto Server::Impl::request(std::string text, net::Millis at_most) const -> net::HttpRequest {
  net::HttpRequest out{.method = "POST", .url = setup.url, .body = std::move(text), .deadline = std::max(at_most, net::Millis{1}), .body_max = MessageMax};
  out.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json, text/event-stream"}};
  if (!session.empty()) out.headers.push_back({"Mcp-Session-Id", session});
  if (!version.empty() && stage != Stage::Closed && !greeting) out.headers.push_back({"MCP-Protocol-Version", version});
  return out;
}

void Server::Impl::post(const QuestionRef& question, std::string text) {
  auto out = request(std::move(text), std::chrono::ceil<net::Millis>(question->until - setup.loop.now()));
  question->events = {};
  question->body.clear();
  const std::weak_ptr<Question> weak = question;
  out.on_piece = [self = weak_from_this(), weak](const net::HttpResponse& head, std::string_view piece) {
    const auto server = self.lock();
    const auto mine = weak.lock();
    if (!server || !mine || !mine->done) return false;
    server->heard(mine, head, piece);
    return mine->done && !mine->events.failed();  // once the answer is there, nothing more is read
  };
  question->request = setup.send(std::move(out), [self = weak_from_this(), weak](const Result<net::HttpResponse>& answer) {
    const auto server = self.lock();
    const auto mine = weak.lock();
    if (server && mine && mine->done) server->answered(mine, answer);
  });
}

// Some of an answer. Events are taken as they come, anything else when it is whole.
void Server::Impl::heard(const QuestionRef& question, const net::HttpResponse& head, std::string_view piece) {
  if (question == greeting) {
    if (const auto named = net::find(head.headers, "Mcp-Session-Id")) session = *named;
  }
  const auto type = net::find(head.headers, "Content-Type").value_or("");
  if (!type.starts_with("text/event-stream")) return void(question->body += piece);
  for (const auto& event : question->events.take(piece)) {
    if (event.name == "message") take(event.data);
  }
}

void Server::Impl::answered(const QuestionRef& question, const Result<net::HttpResponse>& answer) {
  if (!answer) return finish(question, tl::unexpected(answer.error()));
  // The session is over: a new one, and once more.
  if (answer->status == 404 && !session.empty() && !std::exchange(question->asked_twice, true)) {
    asked.erase(question->id);
    question->request.reset();
    if (stage == Stage::Open) {
      stage = Stage::Closed;
      session.clear();
    }
    return ask(question);
  }
  if (answer->status / 100 != 2) {
    const auto busy = answer->status == 408 || answer->status == 429 || answer->status >= 500;
    return finish(question, failure(busy ? "R0208" : "R0207", fmt::format("{} answered {}: {}", who, answer->status, answer->body.substr(0, 200))));
  }
  if (!answer->body.empty()) heard(question, *answer, answer->body);
  if (!question->done) return;
  if (!question->body.empty()) take(question->body);
  if (question->done) finish(question, failure("R0209", who + " ended its answer without one", "does it speak the Model Context Protocol at this address?"));
}

// ── As a program ─────────────────────────────────────────────────────────────────────────────────────────────

void Server::Impl::start_program() {
  net::ProcessHandlers handlers;
  handlers.on_out = [this](std::string_view piece) { hear(piece); };
  handlers.on_err = [this](std::string_view piece) {
    if (setup.log) setup.log(std::string(piece.substr(0, 2'000)));
  };
  handlers.on_end = [this](net::ProcessEnd how) {
    lost({"R0108", how.signal != 0 ? fmt::format("{} was ended by signal {}", who, how.signal) : fmt::format("{} ended with {}", who, how.code)});
  };
  auto started = net::Process::start(setup.loop, setup.program, std::move(handlers));
  if (!started) return lost(started.error());
  process = std::move(*started);
}

void Server::Impl::hear(std::string_view piece) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    line += piece.substr(0, end);
    if (line.size() > MessageMax) return lost({"R0209", who + " says more than fits a message"});
    if (end == piece.npos) return;
    piece.remove_prefix(end + 1);
    auto whole = std::exchange(line, {});
    if (whole.ends_with('\r')) whole.pop_back();
    if (!whole.empty()) take(whole);
    if (!process) return;  // it is gone for what it said
  }
}

// ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────

// What is no message is passed over, as a server's stray print is: whoever waits has a deadline.
void Server::Impl::take(std::string_view text) {
  if (const auto message = read_message(text)) take(*message);
}

void Server::Impl::take(const Message& message) {
  using enum Message::Kind;
  if (message.kind == Request) {
    Message answer{.kind = Result, .id = message.id, .content = Value(Value::Record{})};
    if (message.method != "ping") answer = {.kind = Error, .id = message.id, .code = -32601, .text = "there is no such method here"};
    return notify(std::move(answer));
  }
  if (message.kind == Notification) {
    if (message.method != "notifications/progress") return;
    const auto* token = message.content.field("progressToken");
    const auto* id = token ? std::get_if<std::int64_t>(&token->data) : nullptr;
    const auto found = id ? asked.find(*id) : asked.end();
    const auto words = text_of(message.content, "message");
    if (found != asked.end() && found->second->progress && !words.empty()) found->second->progress(words);
    return;
  }
  const auto* id = std::get_if<std::int64_t>(&message.id.data);
  const auto found = id ? asked.find(*id) : asked.end();
  if (found == asked.end()) return;  // of a question that was given up, or of none
  const auto question = found->second;
  if (message.kind == Error) return finish(question, as_error(who, message));
  finish(question, message.content);
}

// ── The public side ──────────────────────────────────────────────────────────────────────────────────────────

Server::Server(ServerSetup setup) : impl_(std::make_shared<Impl>(std::move(setup))) {}

Server::~Server() {
  impl_->process.reset();
  impl_->notices.clear();
  impl_->waiting.clear();
  impl_->asked.clear();
  impl_->greeting.reset();
}

auto Server::list(net::Time until, std::function<void(Result<std::vector<Offer>>)> done) -> std::shared_ptr<void> {
  // One page after the other, until there is none.
  struct Listing {
    std::vector<Offer> offers;
    std::shared_ptr<void> question;
    int pages = 0;
  };
  struct Steps {
    static void page(const std::shared_ptr<Impl>& self, const std::weak_ptr<Listing>& whose, const Value& cursor, net::Time end, const std::function<void(Result<std::vector<Offer>>)>& then) {
      const auto listing = whose.lock();
      if (!listing) return;
      const auto question = std::make_shared<Question>();
      question->method = "tools/list";
      question->params = cursor.is_none() ? Value(Value::Record{}) : Value(Value::Record{{"cursor", cursor}});
      question->until = end;
      question->done = [self = std::weak_ptr(self), whose, end, then](const Result<Value>& answer) {
        const auto mine = whose.lock();
        const auto server = self.lock();
        if (!mine || !server) return;
        if (!answer) return then(tl::unexpected(answer.error()));
        const auto* tools = answer->field("tools");
        if (!tools || !tools->list()) return then(failure("R0209", server->who + " does not say which tools it has"));
        for (const auto& tool : *tools->list()) {
          const auto* schema = tool.field("inputSchema");
          mine->offers.push_back({text_of(tool, "name"), schema ? *schema : Value{}});
        }
        const auto* next = answer->field("nextCursor");
        if (!next || next->is_none()) return then(std::move(mine->offers));
        if (++mine->pages == PagesMax) return then(failure("R0209", server->who + " lists its tools without an end"));
        page(server, whose, *next, end, then);
      };
      listing->question = {question.get(), [question, self = std::weak_ptr(self)](void*) {
        if (const auto server = self.lock()) server->give_up(question);
      }};
      self->ask(question);
    }
  };
  const auto listing = std::make_shared<Listing>();
  Steps::page(impl_, listing, {}, until, done);
  return listing;
}

auto Server::call(const std::string& tool, Value arguments, net::Time until, std::function<void(const std::string&)> progress, std::function<void(Result<Value>)> done)
    -> std::shared_ptr<void> {
  const auto question = std::make_shared<Question>();
  question->method = "tools/call";
  question->params = Value::Record{{"name", tool}, {"arguments", std::move(arguments)}};
  question->until = until;
  question->progress = std::move(progress);
  question->done = std::move(done);
  impl_->ask(question);
  return {question.get(), [question, self = std::weak_ptr(impl_)](void*) {
    if (const auto server = self.lock()) server->give_up(question);
  }};
}

}  // namespace flow::tools::mcp
