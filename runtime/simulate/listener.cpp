#include "runtime/simulate/listener.h"

#include <chrono>

#include "runtime/simulate/read_aloud.h"

namespace flow::simulate {
namespace {

auto unix_now() -> std::int64_t {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// A log is one connection's, so that it can be checked as one: OUT.jsonl, OUT.2.jsonl, …
auto numbered(const std::filesystem::path& path, std::uint64_t number) -> std::filesystem::path {
  if (number <= 1) return path;
  auto name = path.stem();
  name += "." + std::to_string(number);
  name += path.extension();
  return path.parent_path() / name;
}

}  // namespace

Listener::Listener(net::Loop& loop, ServeOptions options, Script script) : loop_(loop), options_(std::move(options)), script_(std::move(script)) {}
Listener::~Listener() = default;

auto Listener::port() const -> std::uint16_t { return acceptor_->port(); }

auto Listener::listen(net::Loop& loop, ServeOptions options) -> Result<std::unique_ptr<Listener>> {
  auto script = Script::read(options.service.script);
  if (!script) return tl::unexpected(script.error());
  if (!options.wire.empty() && !std::ofstream(options.wire, std::ios::trunc)) {
    return failure("R0504", "cannot write the wire log `" + options.wire.string() + "`", "name a file in a folder that exists and can be written");
  }
  std::unique_ptr<Listener> listener(new Listener(loop, std::move(options), std::move(*script)));
  listener->open_ears();
  auto acceptor = net::Acceptor::listen(loop, {.host = listener->options_.host, .port = listener->options_.port},
                                        [raw = listener.get()](net::Incoming incoming) { raw->arrived(std::move(incoming)); });
  if (!acceptor) return tl::unexpected(acceptor.error());
  listener->acceptor_ = std::move(*acceptor);
  return listener;
}

// Without a model the service goes on, and says once what it lacks.
void Listener::open_ears() {
  if (!options_.recognise) return;
  const auto on_deaf = [tell = options_.on_deaf](const Error& error) {
    if (tell) tell(error);
  };
  const auto folder = options_.speech_model.empty() ? speech_model_folder() : options_.speech_model;
  if (const auto found = find_speech_model(folder); !found) return on_deaf(found.error());
  recogniser_ = std::make_unique<Recogniser>(loop_, [folder] { return load_decoder(folder); }, on_deaf);
}

auto Listener::log_for(std::uint64_t number) const -> std::ofstream {
  if (options_.wire.empty()) return {};
  return std::ofstream(numbered(options_.wire, number), std::ios::trunc);
}

void Listener::arrived(net::Incoming incoming) {
  if (const auto said = read_aloud(incoming.method, incoming.target, incoming.headers, incoming.body, voice_, options_.service)) {
    return incoming.respond(said->status, said->body, {{"Content-Type", said->type}});
  }
  const auto welcome = judge({incoming.target, incoming.headers, incoming.subprotocols, incoming.wants_websocket}, options_.service);
  if (welcome.status != 101) return incoming.respond(welcome.status, welcome.body, {{"Content-Type", "application/json"}});
  const auto number = ++arrived_;
  Setup setup{options_.service, script_, welcome.model, welcome.transcription_only, &voice_, &ears_};
  setup.options.seed += number - 1;
  setup.options.chaos = welcome.chaos;
  setup.options.opened_at = unix_now();
  auto gone = [this, number] { loop_.post([this, number] { connections_.erase(number); }); };
  auto& connection = connections_[number];
  connection = std::make_unique<Connection>(loop_, std::move(setup), recogniser_.get(), log_for(number), std::move(gone));
  connection->welcome(incoming, welcome);
}

}  // namespace flow::simulate
