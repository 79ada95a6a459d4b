#include "cli/conversation.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>

#include "cli/channels.h"
#include "cli/meter.h"
#include "compiler/ir/hash.h"
#include "compiler/ir/text.h"
#include "compiler/ir/words.h"
#include "runtime/audio/device/rtaudio.h"
#include "runtime/channels/device.h"
#include "runtime/channels/scripted.h"
#include "runtime/channels/terminal.h"
#include "runtime/channels/wav_file.h"
#include "runtime/edge/collector.h"
#include "runtime/edge/dialects.h"
#include "runtime/edge/logs.h"
#include "runtime/edge/tools.h"
#include "runtime/simulate/voice.h"

namespace flow::cli {
namespace {

// The caller's voice: 24 kHz, mono. Any thread.
auto speak(std::string_view text, const simulate::Manner& manner) -> std::vector<std::int16_t> {
  simulate::Voice voice;
  std::vector<std::int16_t> pcm;
  for (const auto& phrase : simulate::phrases(text)) {
    const auto& speech = voice.speak(phrase, manner);
    pcm.insert(pcm.end(), speech.pcm.begin(), speech.pcm.end());
  }
  return pcm;
}

constexpr net::Millis ServicesAnswerIn{15'000};

auto speaks_by_key(const ir::Program& program) -> bool {
  return std::ranges::any_of(program.agents, [](const ir::Agent& agent) { return agent.turn_detection.kind == ir::TurnDetection::Kind::Manual; });
}

// `human, phone +15550100`.
auto destination(const ir::Program& program, const std::string& name) -> std::string {
  const auto to = std::ranges::find(program.transfers, name, &ir::Transfer::name);
  return to == program.transfers.end() ? name : fmt::format("{}, {} {}", name, ir::to_word(to->to), to->address);
}

// An address may have a key in it: one that is a secret is not shown.
auto blotted(Error error, const ir::Setting& setting, const std::string& value) -> Error {
  if (setting.from != ir::Setting::From::Secret) return error;
  for (auto at = error.text.find(value); at != error.text.npos; at = error.text.find(value, at)) error.text.replace(at, value.size(), "…");
  return error;
}

auto time_for_journal() -> std::string { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

}  // namespace

Conversation::Conversation(const Run& run, const Console& console, ir::Program program, Connection connection, CallFiles files)
    : run_(run), console_(console), program_(std::move(program)), connection_(std::move(connection)), files_(std::move(files)),
      name_(fmt::format("{}-{}", time_for_names(), ::getpid())), started_(time_for_journal()) {}

Conversation::~Conversation() = default;

auto Conversation::prepare() -> Result<void> {
  const auto& provider = program_.realtimes[program_.realtime].provider;
  if (!edge::dialect_of(provider)) {
    return failure("R0505", fmt::format("this flowc does not speak to {} yet", provider), "use openai, or simulated");
  }
  const auto channel = channel_of(program_, run_.channel, run_.audio == "device");
  if (!channel) return tl::unexpected(channel.error());
  stands_for_ = *channel;
  return read_script()
      .and_then([&] { return open_services(); })
      .and_then([&] { return start_service(); })
      .and_then([&] { return open_files(); })
      .and_then([&] { return open_memory(); })
      .and_then([&] { return open_spending(); })
      .and_then([&] { return make_caller(); })
      .map([&] {
        make_line();
        look_on();
        make_call();
      });
}

// The caller's part is a script if one is asked for, or if nobody is there to type and no sound is given.
auto Conversation::read_script() -> Result<void> {
  const bool sound = run_.audio.starts_with("wav:") || run_.audio == "device";
  if (sound || (!run_.play && console_.terminal)) return {};
  auto path = run_.script;
  if (path.empty()) {
    path = (std::filesystem::path(run_.flow).parent_path() / "caller.script").string();
    if (!std::filesystem::exists(path)) {
      return failure("R0506", fmt::format("there is no script for the caller: `{}`", path),
                     run_.play ? "name one: --play FILE" : "nobody can type here; name one: --play FILE, or give a voice: --audio wav:FILE");
    }
  }
  return read_file(path).and_then([&](const std::string& text) { return channels::read_script(text, path); }).map([&](channels::Script script) {
    script_ = std::move(script);
  });
}

auto Conversation::start_service() -> Result<void> {
  if (!connection_.embedded) return {};
  simulate::ServeOptions options;
  options.service.seed = run_.seed;
  options.service.locale = program_.locale;
  options.recognise = is_recognised();
  options.on_deaf = [this](const Error& error) {
    loop_.post([this, error] { console_.fail(error); });
  };
  return simulate::Embedded::start(std::move(options)).map([&](std::unique_ptr<simulate::Embedded> service) {
    service_ = std::move(service);
    for (auto& realtime : program_.realtimes) realtime.url = service_->url();
  });
}

auto Conversation::open_files() -> Result<void> {
  const auto lost = [this](const Error& error) {
    if (timeline_) timeline_->live().clear();
    console_.fail(error);
    failed_ = true;
  };
  const auto open_lines = [&](const std::string& path, std::unique_ptr<edge::LogFile>& into) -> Result<void> {
    if (path.empty()) return {};
    return edge::LogFile::create(path, loop_, lost).map([&](std::unique_ptr<edge::LogFile> file) { into = std::move(file); });
  };
  if (auto opened = open_lines(run_.trace, trace_file_); !opened) return opened;
  if (auto opened = open_lines(run_.wire, wire_file_); !opened) return opened;
  if (!files_.record.empty()) {
    auto recorder = audio::Recorder::create(files_.record, in_background(), lost);
    if (!recorder) return tl::unexpected(recorder.error());
    recorder_ = std::move(*recorder);
  }
  if (!files_.journal.empty()) {
    const store::Header header{ir::to_text(program_), ir::content_hash(program_), started_};
    auto journal = store::Journal::create(writer_, files_.journal, header, loop_.poster(), lost);
    if (!journal) return tl::unexpected(journal.error());
    journal_ = std::move(*journal);
    chronicle_ = std::make_unique<edge::JournalFile>(*journal_);
  }
  return {};
}

// What tools need outside is there before anybody calls.
auto Conversation::open_services() -> Result<void> {
  if (connection_.embedded) {  // that service reads lines to the letter itself
    for (auto& realtime : program_.realtimes) realtime.exact_speech = {};
  }
  const auto outside = [](const ir::Tool& tool) { return tool.work.has_value(); };
  const auto has_speaker = std::ranges::any_of(program_.realtimes, [](const ir::Realtime& realtime) { return bool(realtime.exact_speech); });
  if (std::ranges::none_of(program_.tools, outside) && !has_speaker) return {};
  auto settings = tools::Settings::look_up(program_, this_environment());
  if (!settings) return tl::unexpected(settings.error());
  secrets_ = settings->secrets();
  const auto folder = std::filesystem::absolute(run_.flow).parent_path().string();
  doers_ = std::make_shared<tools::Doers>(tools::Outside{program_, loop_, databases_, tools::over_network(net::Proxies::from_environment()), *std::move(settings), folder, this_environment()});
  std::optional<std::vector<Error>> errors;
  doers_->check(ServicesAnswerIn, [&](std::vector<Error> found) {
    errors = std::move(found);
    loop_.stop();
  });
  loop_.run();
  if (!errors || errors->empty()) return {};
  for (std::size_t i = 0; i + 1 < errors->size(); ++i) console_.fail((*errors)[i]);
  return tl::unexpected(errors->back());
}

// Nothing is opened for a flow that keeps nothing.
auto Conversation::open_memory() -> Result<void> {
  const auto keeps = std::ranges::any_of(program_.state, [](const ir::StateField& field) { return field.kept_for.has_value(); }) ||
                     std::ranges::any_of(program_.tools, [&](const ir::Tool& tool) { return program_.policies[tool.policy].on_hangup == ir::Policy::OnHangup::Resume; });
  if (!keeps || run_.memory == "none") return {};
  if (run_.from.empty()) {
    if (!console_.quiet) console_.print("flowc: nothing of this call is kept for the next one: --from CALLER says whose it is\n");
    return {};
  }
  return store::Memory::open(memory_file(), program_, in_background(), [this](const Error& error) { console_.fail(error); }).map([&](std::unique_ptr<store::Memory> memory) {
    memory_ = std::move(memory);
  });
}

// A file that SQLite can make: its folder is there.
auto Conversation::memory_file() const -> std::string {
  const auto path = run_.memory.empty() ? std::filesystem::path("calls") / "memory.sqlite" : std::filesystem::path(run_.memory);
  std::error_code refused;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), refused);
  return path.string();
}

auto Conversation::open_spending() -> Result<void> {
  if (!program_.budget) return {};
  if (run_.memory == "none") {
    if (!console_.quiet) console_.print("flowc: what calls cost is not added up (--memory none): this one has the whole budget\n");
    return {};
  }
  const auto rehearsal = program_.realtimes[program_.realtime].provider == "simulated";
  return store::Spending::open(memory_file(), {program_.name, name_, *program_.budget, rehearsal}, in_background(), [this](const Error& error) { console_.fail(error); })
      .map([&](std::unique_ptr<store::Spending> spending) { spending_ = std::move(spending); });
}

// Whoever speaks to the built-in service is heard, but for a script that nobody asked to be spoken: its words are told,
// so that the call is the same each time. So they are in languages that cannot be recognised.
auto Conversation::is_recognised() const -> bool {
  return program_.locale.starts_with("en") && !(script_ && run_.audio.empty());
}

// A scripted caller has a voice where it is understood: the built-in service is told the words or hears them.
auto Conversation::caller_speaks() const -> bool { return run_.audio == "voice" || (run_.audio.empty() && connection_.hears); }

auto Conversation::make_caller() -> Result<void> {
  if (run_.audio.starts_with("wav:")) {
    return channels::WavFile::read(pacer_, run_.audio.substr(4)).map([&](std::unique_ptr<channels::WavFile> caller) { caller_ = std::move(caller); });
  }
  if (run_.audio == "device") return make_device();
  if (!script_) {
    caller_ = std::make_unique<channels::Terminal>(loop_, pacer_, channels::Terminal::Options{0, [this](const std::string& notice) { console_.print("  " + notice + "\n"); }});
    return {};
  }
  channels::Scripted::Voice voice;
  if (caller_speaks()) {
    const auto& sound = script_->sound;
    voice.speak = [manner = simulate::Manner{sound.voice, program_.locale, sound.speed}](std::string_view text) { return speak(text, manner); };
    voice.holds_key = speaks_by_key(program_);
    voice.background = [this](net::Task work, net::Task done) { return work_.run(loop_.poster(), std::move(work), std::move(done)); };
    if (service_ && !service_->recognises()) voice.begins = [this](std::string_view text) { service_->expect_words(std::string(text)); };
  }
  caller_ = std::make_unique<channels::Scripted>(pacer_, std::move(*script_), std::move(voice));
  return {};
}

// What the call stands for lies between it and whoever plays the caller.
void Conversation::make_line() {
  if (!stands_for_) return;
  using Keys = channels::Line::Keys;
  channels::Line::Options options;
  if (stands_for_->audio == ir::AudioFormat::Mulaw) options.law = audio::Law::Mu;
  if (stands_for_->audio == ir::AudioFormat::Alaw) options.law = audio::Law::A;
  if (stands_for_->keys == ir::Channel::Keys::Inband) options.keys = Keys::Inband;
  if (stands_for_->keys == ir::Channel::Keys::None) options.keys = Keys::None;
  if (!options.law && options.keys == Keys::Events) return;
  options.lost = [this](char key) {
    timeline_->live().print_above(fmt::format("  the key {} does not come in: `{}` has `dtmf none`\n", key, stands_for_->name));
  };
  line_ = std::make_unique<channels::Line>(*caller_, std::move(options));
}

// The devices are opened before the call, because no call begins without; the loop runs for as long as that takes.
auto Conversation::make_device() -> Result<void> {
  using audio::device::Choice;
  using audio::device::Duplex;
  const auto input = run_.input.empty() && stands_for_ ? stands_for_->address : run_.input;
  sound_ = std::make_unique<audio::device::Sound>(loop_, audio::device::rtaudio_backend(run_.verbose));
  std::optional<Result<std::unique_ptr<Duplex>>> opened;
  sound_->open({input, run_.output}, [&](Result<std::unique_ptr<Duplex>> device) {
    opened = std::move(device);
    loop_.stop();
  });
  loop_.run();
  if (!opened) return failure("R0313", "the microphone and the speaker were not opened in time");
  if (!*opened) return tl::unexpected(opened->error());

  channels::Device::Options options;
  // What is stuck is not tried again; what was unplugged may be back.
  const Choice again{.input = input, .output = run_.output, .or_default = true};
  options.reopen = [this, again](const Error& lost, channels::Device::Opened done) {
    sound_->open(lost.code == "R0313" ? Choice{} : again, std::move(done));
  };
  if (!run_.headset && !(stands_for_ && stands_for_->headset)) options.processor = &canceller_.emplace();
  options.notice = [this](const std::string& text) { timeline_->live().print_above("  " + text + "\n"); };
  if (console_.terminal) {
    keys_ = std::make_unique<RawTerminal>(0);
    options.keys = 0;
    const bool talk_key = std::ranges::any_of(program_.agents, [](const ir::Agent& agent) { return agent.turn_detection.kind == ir::TurnDetection::Kind::Manual; });
    options.meter = [this, talk_key](const channels::Device::Meter& meter) { timeline_->live().show(meter_text(meter, talk_key)); };
  }
  caller_ = std::make_unique<channels::Device>(loop_, std::move(**opened), std::move(options));
  return {};
}

auto Conversation::in_background() -> audio::Background {
  return [this](net::Task work, net::Task done) { return disk_.run(loop_.poster(), std::move(work), std::move(done)); };
}

void Conversation::look_on() {
  const bool typed = !script_ && console_.terminal && dynamic_cast<channels::Terminal*>(caller_.get()) != nullptr;
  timeline_ = std::make_unique<TimelineOnlooker>(program_, console_, typed);
  figures_ = std::make_unique<FiguresOnlooker>(program_);
  if (program_.otlp) spans_ = std::make_unique<SpansOnlooker>(program_);
  if (trace_file_) logs_.push_back(std::make_unique<edge::TraceLog>(*trace_file_, program_));
  if (wire_file_) logs_.push_back(std::make_unique<edge::WireLog>(*wire_file_));
}

void Conversation::make_call() {
  edge::CallSetup setup{.program = program_, .loop = loop_, .blocks = blocks_, .channel = line_ ? *line_ : *caller_,
                        .dialect = edge::dialect_of(program_.realtimes[program_.realtime].provider), .tools = make_tools()};
  setup.key = connection_.key;
  setup.keys = connection_.keys;
  setup.proxies = net::Proxies::from_environment();
  setup.name = name_;
  setup.from = run_.from;
  setup.journal = chronicle_.get();
  setup.memory = memory_.get();
  setup.spending = spending_.get();
  setup.recorder = recorder_.get();
  if (doers_) setup.speak = [doers = doers_](auto&&... line) { return doers->speak(std::forward<decltype(line)>(line)...); };
  setup.observers = {timeline_.get(), figures_.get()};
  if (spans_) setup.observers.push_back(spans_.get());
  for (const auto& log : logs_) setup.observers.push_back(log.get());
  setup.finished = [this](const core::Finish& finish) { call_finished(finish); };
  call_ = std::make_unique<edge::Call>(std::move(setup));
}

auto Conversation::make_tools() -> edge::MakeTools {
  tools::Setup setup{.program = program_, .loop = loop_, .pool = work_, .fetch = tools::over_network(net::Proxies::from_environment()),
                     .call_id = name_, .call_from = run_.from};
  setup.environment = this_environment();
  setup.secrets = secrets_;
  if (!connection_.key.empty()) setup.secrets.push_back(connection_.key);
  setup.doers = doers_;
  setup.log = [this](core::JobId job, const std::string& words) { timeline_->logged(job, words); };
  return edge::run_tools(std::move(setup));
}

auto Conversation::hold() -> int {
  introduce();
  signals_ = std::make_unique<net::Signals>(loop_, std::initializer_list<int>{SIGINT, SIGTERM}, [this](int) { interrupted(); });
  if (run_.length) length_.set_after(*run_.length, [this] { call_->stop(); });
  call_->start();
  loop_.run();
  timeline_->live().clear();
  keys_.reset();
  sum_up();
  if (finish_ && !finish_->code.empty()) console_.fail({finish_->code, finish_->text});
  return finish_ && finish_->code.empty() && !failed_ && !timeline_->failed() ? 0 : 1;
}

void Conversation::introduce() const {
  if (console_.quiet) return;
  console_.print(fmt::format("flowc: {} calls {}{}\n", run_.flow, connection_.name, connection_.note.empty() ? "" : " (" + connection_.note + ")"));
  const auto rehearsed = rehearsal_of(stands_for_);
  if (!rehearsed.empty()) console_.print("  " + rehearsed + "\n");
  if (dynamic_cast<channels::Terminal*>(caller_.get())) console_.print("  you are the caller: type, and Enter says it; /help lists more, Ctrl-C hangs up\n");
  if (const auto* device = dynamic_cast<channels::Device*>(caller_.get())) {
    const auto facts = device->facts();
    console_.print(fmt::format("  you speak into {} and hear {}; {} ms are queued ahead, {} ms more in the device\n", facts.input, facts.output,
                               facts.queue.count(), facts.output_delay.count()));
    if (canceller_) console_.print("  the speaker's echo and noise are taken out of it; if you wear a headset, --headset leaves it as it is\n");
    if (console_.terminal) console_.print("  m mutes the microphone, digits press keys, q or Ctrl-C hangs up\n");
  }
  console_.print("\n");
}

void Conversation::interrupted() {
  if (++interrupts_ > 1) return loop_.stop();
  if (!console_.quiet) timeline_->live().print_above("\n  ending the call; Ctrl-C again ends it at once\n");
  call_->stop();
}

// All files are completed before the loop ends, one after the other; each says when the disk has what it held.
void Conversation::call_finished(const core::Finish& finish) {
  finish_ = finish;
  complete_files(0);
}

void Conversation::complete_files(std::size_t from) {
  const auto next = [this, from] { complete_files(from + 1); };
  switch (from) {
    case 0: return recorder_ ? recorder_->finish(next) : next();
    case 1: return journal_ ? journal_->flush([next](const Result<void>&) { next(); }) : next();  // a refusal was said
    case 2: return trace_file_ ? trace_file_->finish(next) : next();
    case 3: return wire_file_ ? wire_file_->finish(next) : next();
    case 4: return memory_ ? memory_->flush(next) : next();
    case 5: return spending_ ? spending_->flush(next) : next();
    case 6: return spans_ ? send_trace(next) : next();
    default: loop_.stop();
  }
}

// The caller has gone: a collector that is away costs a line, and a moment of nobody's time.
void Conversation::send_trace(std::function<void()> then) {
  const auto& setting = *program_.otlp;
  const auto value = setting.from == ir::Setting::From::Text ? setting.text : this_environment()(setting.text).value_or("");
  const auto failed = [this](Error error) {
    timeline_->live().clear();
    console_.fail(error);
  };
  if (value.empty()) {
    failed({"R0407", fmt::format("the trace of the call was not sent: `{}` is not set in the environment", setting.text), "set it to the collector's address, as http://127.0.0.1:4318"});
    return then();
  }
  trace_request_ = edge::send_trace(loop_, {.url = value, .proxies = net::Proxies::from_environment()}, spans_->otlp(program_.name, started_), [=](Result<void> sent) {
    if (!sent) failed(blotted(std::move(sent.error()), setting, value));
    then();
  });
}

void Conversation::sum_up() const {
  if (console_.quiet) return;
  auto text = "\n" + figures_->text();
  if (finish_ && !finish_->went_to.empty()) text += fmt::format("  {:<12}{}\n", "put through", destination(program_, finish_->went_to));
  if (const auto* device = dynamic_cast<channels::Device*>(caller_.get())) {
    const auto facts = device->facts();
    text += fmt::format("  {:<12}{} gaps in what you heard, {} in what you said\n", "sound", facts.underruns, facts.overruns);
  }
  const auto file = [&](const char* what, const std::string& path, const std::string& hint) {
    if (!path.empty()) text += fmt::format("  {:<12}{}{}\n", what, path, hint);
  };
  file("recording", files_.record, "  (caller left, agent right)");
  file("journal", files_.journal, fmt::format("  (flowc replay {})", files_.journal));
  file("trace", run_.trace, "");
  file("wire log", run_.wire, "");
  console_.print(text);
}

}  // namespace flow::cli
