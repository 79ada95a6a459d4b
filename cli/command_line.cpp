#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>

#include "cli/flow_options.h"
#include "cli/version.h"
#include "compiler/diag/nearest.h"

namespace flow::cli {
namespace {

constexpr auto Examples = R"(Examples:
  flowc run flows/support/support.flow            hold a call, typed, with the built-in simulated service
  flowc run flows/support/support.flow --play     the same, with the caller's script that ships with the flow
  flowc check flows/support/support.flow          say what is wrong with a flow
  flowc test flows/support/support.flow           hold the calls of its tests, in an instant
  flowc explain F0301                             what a message means and what to do

`flowc COMMAND --help` says more. Exit codes: 0 done, 1 the flow or the call failed, 2 wrong usage.
)";

constexpr auto RunExamples = R"(Examples:
  flowc run support.flow                          on a terminal: you are the caller and type
  flowc run support.flow --play                   caller.script beside the flow is the caller
  flowc run support.flow --audio device           speak, with microphone and speaker; `flowc devices` lists them
  flowc run support.flow --audio wav:caller.wav --record call.wav
  OPENAI_API_KEY=… flowc run support.flow --realtime openai
  flowc run support.flow --url ws://127.0.0.1:8080/v1/realtime

The call is recorded under calls/: a stereo WAV, caller left and agent right, and a journal for `flowc replay`.
Ctrl-C ends the call in order; a second one ends it at once.
)";

constexpr auto DevicesExamples = R"(Examples:
  flowc devices
  flowc devices --json
  flowc run support.flow --audio device --input 2 --output usb
)";

constexpr auto SimulateExamples = R"(Examples:
  flowc simulate --listen 127.0.0.1:8080
  flowc simulate --listen 127.0.0.1:0 --wire wire.jsonl --seed 7
  flowc simulate --chaos delay,drop               a service that misbehaves, as networks do
  THE_KEY=secret flowc simulate --key THE_KEY --lifetime 2m
)";

constexpr auto TestExamples = R"(Examples:
  flowc test support.flow
  flowc test                                      every test below this folder
  flowc test flows --filter interrupt
  flowc test support.flow --coverage --fail-under 90
  flowc test support.flow --junit results.xml --coverage lcov:flow.info
  flowc test support.flow --fuzz
  flowc test support.flow --generate --write generated.test.flow

A test is a `test` block of a flow. No network, no key, no audio and no tool is used: the script plays caller, model and
tools, and the runtime that holds live calls holds these. A failed test shows the call around the failure.
)";

auto coverage_form(const std::string& text) -> std::string {
  const bool file = (text.starts_with("html:") || text.starts_with("lcov:")) && text.size() > 5;
  if (text == "text" || file) return {};
  return fmt::format("`{}` is no form of coverage; write html:FILE or lcov:FILE, or nothing for a table", text);
}

// An option's text must be a duration.
void add_duration(CLI::App& command, const char* name, std::optional<std::chrono::milliseconds>& into, const char* description) {
  const auto take = [name, &into](const std::string& text) {
    into = read_duration(text);
    if (!into) throw CLI::ValidationError(name, fmt::format("`{}` is not a duration; write it as 90s, 2m or 500ms", text));
  };
  command.add_option_function<std::string>(name, take, description)->type_name("DURATION");
}

auto audio_form(const std::string& text) -> std::string {
  if (text == "none" || text == "voice" || text == "device" || (text.starts_with("wav:") && text.size() > 4)) return {};
  return fmt::format("`{}` is not a voice for the caller; write none, voice, device or wav:FILE", text);
}

auto picture_form(const std::string& path) -> std::string {
  if (path.ends_with(".svg")) return {};
  return fmt::format("`{}` is not a picture that can be drawn; write OUT.svg", path);
}

// All commands with the values they fill.
class Parser {
 public:
  Parser() : app_("flowc compiles and runs .flow files: real-time voice agents.", "flowc") {
    app_.set_version_flag("--version", std::string("flowc ") + Version, "print the version and end");
    app_.footer(Examples);
    app_.require_subcommand(1);
    app_.get_formatter()->column_width(34);
    common(app_);
    add_options(command("check", "say what is wrong with flows", check_), check_);
    add_options(command("fmt", "lay out flows in the one way there is", fmt_), fmt_);
    add_options(command("fix", "make the edits that messages offer", fix_), fix_);
    add_options(command("policy", "print what happens to each tool's result, and who says so", policy_), policy_);
    add_options(command("graph", "draw who may give the call to whom", graph_), graph_);
    add_options(command("docs", "describe a flow for people who do not read flows", docs_), docs_);
    add_options(command("diff", "say how two versions of a flow behave differently", diff_), diff_);
    add_options(command("new", "begin a flow", new_), new_);
    add_options(command("lsp", "serve an editor: messages while you type, completion, definitions and more", lsp_), lsp_);
    add_ir();
    add_explain();
    add_test();
    add_run();
    add_devices();
    add_simulate();
    add_replay();
    add_trace();
    add_options(command("completions", "print what a shell needs to complete commands and options", completions_), completions_);
    command("man", "print the manual page", man_).footer("Example:\n  flowc man | man -l -\n");
  }

  auto app() -> CLI::App& { return app_; }

  auto command() -> CommandLine {
    CommandLine line{Show{}, !plain_, quiet_};
    for (const auto* chosen : app_.get_subcommands()) line.command = values_.at(chosen->get_name())();
    return line;
  }

  auto names() const -> std::vector<std::string> {
    std::vector<std::string> names;
    for (const auto* command : app_.get_subcommands(nullptr)) names.push_back(command->get_name());
    return names;
  }

  auto table() const -> std::vector<CommandRow> {
    std::vector<CommandRow> rows;
    for (const auto* command : app_.get_subcommands(nullptr)) rows.push_back(row_of(*command));
    return rows;
  }

 private:
  void common(CLI::App& app) {
    app.set_help_flag("-h,--help", "print this and end");
    app.add_flag("--no-color", plain_, "no colours, as when NO_COLOR is set or the output is no terminal");
    app.add_flag("-q,--quiet", quiet_, "print errors only");
  }

  template <class Values>
  auto command(const std::string& name, const std::string& description, Values& values) -> CLI::App& {
    auto& command = *app_.add_subcommand(name, description);
    common(command);
    values_[name] = [&values] { return Command{values}; };
    return command;
  }

  void add_ir() {
    auto& command = this->command("ir", "print what a flow was compiled to", ir_);
    command.add_option("FLOW", ir_.flow, "the flow")->required()->type_name(" ");
    command.footer("Example:\n  flowc ir support.flow > support.flowir\n");
  }

  void add_explain() {
    auto& command = this->command("explain", "print the page of a message's code", explain_);
    command.add_option("CODE", explain_.code, "such as F0301 or R0105")->required()->type_name(" ");
    command.footer("Example:\n  flowc explain R0105\n");
  }

  void add_test() {
    auto& command = this->command("test", "hold the calls of a flow's tests, on virtual time", test_);
    command.add_option("FLOWS", test_.flows, "files, and folders of files (default: this folder)")->type_name(" ");
    command.add_option("--filter", test_.filter, "only tests with this in their title")->type_name("TEXT");
    command.add_flag("--json", test_.json, "one object for programs, instead of the report");
    command.add_option("--junit", test_.junit, "write the results as JUnit XML, too")->type_name("OUT.xml");
    command.add_option("--coverage", test_.coverage, "say which agents, edges, handlers and policy cells no test is in")->expected(0, 1)->default_str("text")->check(CLI::Validator(coverage_form, ""))->type_name("[html:OUT|lcov:OUT]");
    command.add_option("--fail-under", test_.fail_under, "fail if less than this share is covered")->check(CLI::Range(0.0, 100.0))->type_name("PERCENT");
    command.add_option("--fuzz", test_.fuzz, "break into every test at every moment; and so many times at two of them (100)")->expected(0, 1)->default_str("100")->check(CLI::Range(0, 1'000'000))->type_name("N");
    command.add_option("--seed", test_.seed, "of --fuzz: the same one chooses the same pairs")->type_name("N");
    command.add_flag("--generate", test_.generate, "propose a test for every agent, edge, handler and policy cell that no test is in");
    command.add_option("--write", test_.write, "write the proposed tests to a file")->type_name("OUT.test.flow");
    command.footer(TestExamples);
  }

  void add_run() {
    auto& command = this->command("run", "hold a call", run_);
    command.add_option("FLOW", run_.flow, "the flow")->type_name(" ");
    command.add_option("--realtime", run_.realtime, "the connection: simulated, openai, or a name of the flow's own")->type_name("NAME");
    command.add_option("--url", run_.url, "any server that speaks the protocol")->type_name("URL");
    play_ = command.add_option("--play", run_.script, "a script is the caller; caller.script beside the flow if none is named")->expected(0, 1)->type_name("[SCRIPT]");
    command.add_option("--audio", run_.audio, "the caller's voice: none (typed), voice (a script is spoken), device (yours) or a file")->check(CLI::Validator(audio_form, ""))->type_name("none|voice|device|wav:IN");
    command.add_option("--channel", run_.channel, "the flow's channel that the call stands for: how it sounds, how keys come in")->type_name("NAME");
    command.add_option("--input", run_.input, "the microphone, by number or a part of its name; else the default")->type_name("NAME");
    command.add_option("--output", run_.output, "the speaker, likewise")->type_name("NAME");
    command.add_flag("--headset", run_.headset, "the microphone does not hear the speaker: no echo cancellation, noise suppression or gain");
    command.add_flag("-v,--verbose", run_.verbose, "show what the sound libraries print");
    command.add_option("--record", run_.record, "where the call's recording goes; none: nowhere")->type_name("OUT.wav");
    command.add_option("--journal", run_.journal, "where the call's journal goes; none: nowhere")->type_name("OUT");
    command.add_option("--locale", run_.locale, "the language to speak: that of one of the flow's `locale`s")->type_name("TAG");
    command.add_option("--from", run_.from, "who calls, as `call.from` has it; what is kept for a caller needs it")->type_name("CALLER");
    command.add_option("--memory", run_.memory, "the file of what outlives a call, calls/memory.sqlite if none is named; none: nothing does")->type_name("FILE");
    command.add_option("--wire", run_.wire, "write every event of the protocol, one JSON line each")->type_name("OUT.jsonl");
    command.add_option("--trace", run_.trace, "write every decision, one JSON line each")->type_name("OUT.jsonl");
    add_duration(command, "--for", run_.length, "end the call after this long: 90s, 2m");
    command.add_option("--seed", run_.seed, "of the built-in simulated service")->type_name("N");
    command.footer(RunExamples);
  }

  void add_devices() {
    auto& command = this->command("devices", "list microphones and speakers", devices_);
    command.add_flag("--json", devices_.json, "for programs");
    command.add_flag("-v,--verbose", devices_.verbose, "show what the sound libraries print");
    command.footer(DevicesExamples);
  }

  void add_simulate() {
    auto& command = this->command("simulate", "serve the protocol with a simulated model", simulate_);
    command.add_option("--listen", simulate_.listen, "where; port 0 takes a free one (default 127.0.0.1:8080)")->type_name("HOST:PORT");
    command.add_option("--wire", simulate_.wire, "write every event of the protocol, one JSON line each")->type_name("OUT.jsonl");
    command.add_option("--seed", simulate_.seed, "the same seed gives the same answers")->type_name("N");
    command.add_option("--script", simulate_.script, "what the model says to what")->type_name("FILE");
    command.add_option("--chaos", simulate_.chaos, "misbehave: some of delay,reorder,drop,error")->type_name("WORDS");
    command.add_option("--ears", simulate_.ears, "spoken turns: recognise (English, the default) or none (they have no words)")
        ->check(CLI::IsMember({"none", "recognise"}))->type_name("none|recognise");
    add_duration(command, "--latency", simulate_.latency, "how long the model takes before it speaks (default 200ms to 400ms)");
    add_duration(command, "--lifetime", simulate_.lifetime, "how long a connection may last (default 1h)");
    command.add_option("--key", simulate_.key, "refuse clients without the key that this variable of the environment holds")->type_name("VARIABLE");
    command.footer(SimulateExamples);
  }

  void add_replay() {
    auto& command = this->command("replay", "run a recorded call again, without network, audio or tools", replay_);
    command.add_option("JOURNAL", replay_.journal, "what `flowc run` left")->required()->type_name(" ");
    command.add_option("--record", replay_.record, "render the call's recording again")->type_name("OUT.wav");
    command.footer("Examples:\n  flowc replay calls/support.journal\n  flowc replay calls/support.journal --record again.wav\n");
  }

  void add_trace() {
    auto& command = this->command("trace", "show a recorded call: its timeline and where the time went, or a picture", trace_);
    command.add_option("JOURNAL", trace_.journal, "what `flowc run` left")->required()->type_name(" ");
    command.add_option("--picture", trace_.picture, "draw the call: both voices, tools, delays")->check(CLI::Validator(picture_form, ""))->type_name("OUT.svg");
    command.add_option("--otlp", trace_.otlp, "write the call as a trace that collectors take (OTLP)")->type_name("OUT.json");
    command.add_flag("--json", trace_.json, "print the lines of `flowc run --trace`");
    command.footer("Examples:\n  flowc trace calls/support.journal\n  flowc trace calls/support.journal --picture call.svg\n  flowc trace calls/support.journal --json\n");
  }

 public:
  // `--play` takes a script or nothing; what ends in .flow was meant as the flow.
  void settle_play() {
    run_.play = play_->count() > 0;
    if (run_.flow.empty() && run_.script.ends_with(".flow")) std::swap(run_.flow, run_.script);
  }
  auto run_lacks_flow() const -> bool { return app_.got_subcommand("run") && run_.flow.empty(); }

 private:
  CLI::App app_;
  bool plain_ = false, quiet_ = false;
  Check check_;
  Fmt fmt_;
  Fix fix_;
  Policy policy_;
  Graph graph_;
  Docs docs_;
  Diff diff_;
  New new_;
  Completions completions_;
  Man man_;
  Lsp lsp_;
  Ir ir_;
  Explain explain_;
  Run run_;
  Devices devices_;
  Simulate simulate_;
  Replay replay_;
  Trace trace_;
  Test test_;
  CLI::Option* play_ = nullptr;
  std::map<std::string, std::function<Command()>> values_;
};

auto near(const std::string& word, const std::vector<std::string>& candidates) -> std::string {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const auto meant = diag::nearest(word, views);
  return meant ? fmt::format("; did you mean `{}`?", *meant) : std::string{};
}

auto wrong(std::string_view command, const std::string& what) -> std::string {
  return fmt::format("flowc: {}\nsee: flowc {}{}--help\n", what, command, command.empty() ? "" : " ");
}

auto options_of(const CLI::App& command) -> std::vector<std::string> {
  std::vector<std::string> names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// What was left over, in words.
auto leftover(CLI::App& app) -> std::string {
  const auto chosen = app.get_subcommands();
  const auto& command = chosen.empty() ? app : *chosen.front();
  auto rest = command.remaining();
  if (rest.empty()) rest = app.remaining();
  const auto word = rest.empty() ? std::string{} : rest.front();
  if (!word.starts_with('-')) return fmt::format("`{}` is one too many", word);
  const auto name = word.substr(0, word.find('='));
  return fmt::format("there is no option {}{}", name, near(name, options_of(command)));
}

}  // namespace

auto read_duration(const std::string& text) -> std::optional<std::chrono::milliseconds> {
  static constexpr std::pair<std::string_view, std::int64_t> Units[] = {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count <= 0 || count > 1'000'000) return std::nullopt;
  const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  for (const auto& [name, ms] : Units) {
    if (unit == name) return std::chrono::milliseconds{count * ms};
  }
  return std::nullopt;
}

auto commands() -> std::vector<std::string> { return Parser{}.names(); }
auto command_table() -> std::vector<CommandRow> { return Parser{}.table(); }

auto read_command_line(std::vector<std::string> args) -> tl::expected<CommandLine, std::string> {
  Parser parser;
  const auto names = parser.names();
  if (args.empty()) return tl::unexpected(parser.app().help());
  if (!args.front().starts_with('-') && std::ranges::find(names, args.front()) == names.end()) {
    return tl::unexpected(wrong("", fmt::format("there is no command `{}`{}", args.front(), near(args.front(), names))));
  }
  const auto command = args.front().starts_with('-') ? std::string{} : args.front();
  std::ranges::reverse(args);  // the parser takes them from the back
  try {
    parser.app().parse(args);
    parser.settle_play();
    if (parser.run_lacks_flow()) return tl::unexpected(wrong(command, "FLOW is missing: which flow is to be run?"));
    return parser.command();
  } catch (const CLI::CallForHelp&) {
    const auto chosen = parser.app().get_subcommands();
    return CommandLine{Show{chosen.empty() ? parser.app().help() : chosen.front()->help("flowc")}};
  } catch (const CLI::CallForVersion&) {
    return CommandLine{Show{std::string("flowc ") + Version + "\n"}};
  } catch (const CLI::ExtrasError&) {
    return tl::unexpected(wrong(command, leftover(parser.app())));
  } catch (const CLI::ParseError& error) {
    std::string what = error.what();
    return tl::unexpected(wrong(command, what));
  }
}

}  // namespace flow::cli
