// What a call at this machine's microphone and speaker costs: the whole process of `flowc run`, with and without echo
// cancellation, while the agent talks on. The service is another process. The reference is what the sound server's own
// programs take to play and to record for as long.

#include <filesystem>
#include <fstream>

#include "tests/bench/bench.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/pulse.h"

namespace {

using namespace flow;
using namespace std::chrono_literals;

constexpr auto Length = 30s;
const std::string Flowc = test::binary_dir() + "/cli/flowc";

// An agent that talks for longer than it is listened to.
auto talker() -> std::string {
  std::string words;
  for (int n = 0; n < 20; ++n) words += "The winter boots are lined with wool and warm down to minus ten degrees, and every shoe can be sent back. ";
  return "flow talk { start desk }\nagent desk { instructions \"You talk.\"; greet first protected \"" + words + "\" }\n"
         "realtime voice { provider openai; model \"gpt-realtime\"; key secret(\"OPENAI_API_KEY\") }\n";
}

// Of one core.
auto share(double cpu_s) -> double { return cpu_s / std::chrono::duration<double>(Length).count(); }

auto a_call(const std::string& flow, const std::string& url, const std::vector<std::string>& more) -> double {
  std::vector<std::string> command{Flowc, "run", flow, "--audio", "device", "--url", url, "--record", "none", "--journal", "none", "--for", std::to_string(Length.count()) + "s"};
  command.insert(command.end(), more.begin(), more.end());
  const auto ended = test::Process(command).end(Length + 30s);
  if (ended.code != 0) {
    std::fputs((ended.out + ended.err).c_str(), stderr);
    std::exit(1);
  }
  return share(ended.cpu_s);
}

// The programs that play and record, for as long.
auto bare() -> double {
  const auto seconds = std::to_string(Length.count());
  const std::string format = " --raw --format=s16le --rate=24000 --channels=1 --latency-msec=20 ";
  test::Process play({"sh", "-c", "timeout " + seconds + " pacat" + format + "/dev/zero"});
  test::Process record({"sh", "-c", "timeout " + seconds + " parec" + format + "/dev/null"});
  return share(play.end(Length + 30s).cpu_s + record.end(30s).cpu_s);
}

auto percent(double share) -> std::string { return fmt::format("{:.1f} % of a core", share * 100); }

}  // namespace

int main() {
  if (!test::Pulse::is_installed()) {
    std::fputs("call_bench: PulseAudio is not installed\n", stderr);
    return 1;
  }
  test::Pulse pulse;
  pulse.add_speaker("desk");
  pulse.add_speaker("cable");
  pulse.add_microphone("mouth", "cable");
  pulse.make_default("desk", "mouth");
  const auto flow = pulse.folder() + "/talk.flow";
  std::ofstream(flow) << talker();
  test::Process service({Flowc, "simulate", "--listen", "127.0.0.1:0", "--ears", "none"});
  if (!service.prints("\n", 20s)) return 1;
  const auto& line = service.printed();
  const auto begin = line.find("ws://");
  const auto url = line.substr(begin, line.find('\n') - begin);
  const double reference = bare();
  const auto row = [&](const char* what, double cost) { bench::row(what, percent(cost), percent(reference) + ", pacat and parec", bench::ratio(cost, reference)); };
  row("call: microphone and speaker, echo cancelled, agent speaking", a_call(flow, url, {}));
  row("call: the same with a headset", a_call(flow, url, {"--headset"}));
  return 0;
}
