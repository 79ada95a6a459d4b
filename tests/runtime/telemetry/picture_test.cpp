#include "runtime/telemetry/picture.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>

#include "runtime/telemetry/svg.h"
#include "tests/support/places.h"

using namespace flow;
using namespace flow::telemetry;
using namespace std::chrono_literals;
using core::Decided;
using core::Decision;
using core::Millis;

namespace {

struct Book {
  ir::Program program;
  Id<ir::Agent> desk = program.agents.add({.name = "desk"});
  Id<ir::Tool> look = program.tools.add({.name = "look"});
};

// The same note for so long.
void sound(const std::function<void(core::Samples, audio::Pcm)>& to, Millis from, Millis until, std::int16_t level) {
  const std::vector<std::int16_t> frame(audio::FrameSamples, level);
  for (auto at = from; at < until; at += audio::FrameTime) to(core::to_samples(at), frame);
}

// A question, a tool, an answer that the caller cuts, and a key.
auto small_call(const Book& book) -> Scene {
  Sketch sketch(book.program, "shop, <noon>");
  const auto decided = [&](Millis at, Decision what, std::string text = {}, core::JobId job = {}, Millis took = 0ms) {
    sketch.on(Decided{.what = what, .job = job, .agent = book.desk, .duration = took, .text = std::move(text)}, {at});
  };
  sound([&](auto at, auto pcm) { sketch.caller(at, pcm); }, 1s, 2s, 8'000);
  decided(1'100ms, Decision::CallerSpeaking);
  decided(2'300ms, Decision::CallerSilent);
  decided(2'600ms, Decision::CallerSaid, "where is <it> & \"why\"?");
  sketch.on(core::StartTool{.job = {1}, .tool = book.look}, {2'500ms});
  decided(4s, Decision::ToolReady, "look", {1});
  sound([&](auto at, auto pcm) { sketch.agent(at, pcm); }, 5s, 6s, 16'000);
  sketch.delayed({.began = {2s}, .ended = {5s}, .parts = {{Stage::Endpointing, 300ms}, {Stage::Tools, 2'500ms}, {Stage::Service, 200ms}}});
  decided(5s, Decision::AgentSpeaking);
  decided(6s, Decision::AgentSaid, "on its", {}, 1s);
  decided(6s, Decision::AgentCut, "on its", {}, 1s);
  decided(6s, Decision::ToolDelivered, "look", {1});
  decided(7s, Decision::CallerPressed, "5");
  decided(9s, Decision::CallEnded);
  return sketch.scene();
}

// The value of `attribute` of the first element of this class.
auto attribute(const std::string& svg, const std::string& of, const std::string& attribute) -> double {
  const auto element = svg.find("class=\"" + of + "\"");
  REQUIRE(element != svg.npos);
  const auto at = svg.find(" " + attribute + "=\"", element);
  REQUIRE(at < svg.find('>', element));
  return std::strtod(svg.c_str() + at + attribute.size() + 3, nullptr);
}

auto count(const std::string& svg, const std::string& words) -> std::size_t {
  std::size_t found = 0;
  for (auto at = svg.find(words); at != svg.npos; at = svg.find(words, at + 1)) ++found;
  return found;
}

// Every tag is closed, in order: enough for what is written here.
auto is_nested(const std::string& svg) -> bool {
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z]+)[^>]*?(/?)>");
  for (std::sregex_iterator it(svg.begin(), svg.end(), tag), end; it != end; ++it) {
    const auto name = (*it)[2].str();
    if ((*it)[3].length() > 0) continue;
    if ((*it)[1].length() == 0) open.push_back(name);
    else if (open.empty() || open.back() != name) return false;
    else open.pop_back();
  }
  return open.empty();
}

// Coordinates are written to a tenth of a pixel.
auto near(double a, double b) -> bool { return std::abs(a - b) < 0.11; }

}  // namespace

TEST_CASE("what happens at a moment is drawn at its place") {
  const Book book;
  const auto scene = small_call(book);
  const auto svg = picture(scene);
  const auto scale = PictureScale::of(9s);
  CHECK(scale.row == 10s);
  CHECK(scale.rows == 1);
  const auto x = [&](Millis at) { return PictureScale::Left + (PictureScale::Width - PictureScale::Left - PictureScale::Right) * static_cast<double>(at.count()) / 10'000; };

  CHECK(near(attribute(svg, "caller band", "x"), x(1'100ms)));
  CHECK(near(attribute(svg, "caller band", "width"), x(2'300ms) - x(1'100ms)));
  CHECK(near(attribute(svg, "agent band", "x"), x(5s)));
  CHECK(near(attribute(svg, "tool bar", "x"), x(2'500ms)));
  CHECK(near(attribute(svg, "tool bar", "width"), x(4s) - x(2'500ms)));
  CHECK(near(attribute(svg, "tool waits", "x"), x(4s)));
  CHECK(near(attribute(svg, "told", "cx"), x(6s)));
  CHECK(near(attribute(svg, "digit", "cx"), x(7s)));
  CHECK(near(attribute(svg, "delay", "x"), x(2s)));
  CHECK(near(attribute(svg, "delay", "width"), x(5s) - x(2s)));
  CHECK(near(attribute(svg, "s-tools", "x"), x(2'300ms)));
  CHECK(svg.find("class=\"cut\" d=\"M" + number(x(6s)) + " ") != svg.npos);
  CHECK(is_nested(svg));
}

TEST_CASE("a side's sound is as wide as it lasted and as high as it was loud") {
  const Book book;
  const auto svg = picture(small_call(book));
  const auto wave = svg.substr(svg.find("class=\"caller wave\""), 12'000);
  const auto path = wave.substr(0, wave.find("/>"));
  CHECK(count(path, "h1") == 110);    // one second of ten, of 1100 pixels
  CHECK(count(path, "h-1") == 110);
  CHECK(path.find("v-10h1") != path.npos);  // (8000 / 32768) ^ 0.6 of 23 pixels
}

TEST_CASE("words of others are no markup, and nothing that XML does not know gets in") {
  const Book book;
  const auto svg = picture(small_call(book));
  CHECK(svg.find("<title>shop, &lt;noon&gt;</title>") != svg.npos);
  CHECK(svg.find("where is &lt;it&gt; &amp; &quot;why&quot;?") != svg.npos);
}

TEST_CASE("a call in which nothing happened is a picture too") {
  const Book book;
  Sketch sketch(book.program, "");
  const auto svg = picture(sketch.scene());
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(is_nested(svg));
  CHECK(count(svg, " wave\"") == 0);
}

TEST_CASE("an hour of busy talk, a turn every four seconds, stays within two megabytes") {
  const Book book;
  Sketch sketch(book.program, "an hour");
  std::uint32_t job = 0;
  for (Millis at{0}; at < 3'600s; at += 4s) {
    const auto decided = [&](Millis after, Decision what, std::string text = {}) {
      sketch.on(Decided{.what = what, .job = {job}, .agent = book.desk, .text = std::move(text)}, {at + after});
    };
    sketch.on(core::StartTool{.job = {++job}, .tool = book.look}, {at});
    decided(100ms, Decision::CallerSpeaking);
    decided(1'500ms, Decision::CallerSilent);
    decided(1'600ms, Decision::CallerSaid, std::string(400, 'w'));
    decided(2s, Decision::AgentSpeaking);
    decided(3s, Decision::AgentSaid, std::string(400, 'v'));
    decided(3s, Decision::AgentCut);
    decided(3'500ms, Decision::ToolFailed, "look: " + std::string(400, 'u'));
    decided(3'600ms, Decision::ErrorReported, std::string(400, 't'));
    sketch.delayed({.began = {at + 1'400ms}, .ended = {at + 2s}, .parts = {{Stage::Endpointing, 300ms}, {Stage::Service, 100ms}, {Stage::FirstAudio, 200ms}}});
  }
  std::int16_t level = 100;
  for (Millis at{0}; at < 3'600s; at += 10ms) {
    level = static_cast<std::int16_t>(level * 31 % 20'011);
    const std::vector<std::int16_t> block(240, level);
    sketch.caller(core::to_samples(at), block);
    sketch.agent(core::to_samples(at), block);
  }
  const auto svg = picture(sketch.scene());
  CHECK(PictureScale::of(3'600s).rows == PictureScale::RowsMax);
  INFO(svg.size());
  CHECK(svg.size() < std::size_t{2} << 20);
}

TEST_CASE("rows are as many as a call needs, and never more than there may be") {
  CHECK(PictureScale::of(0ms).row == 5s);
  CHECK(PictureScale::of(20s).rows == 1);
  CHECK(PictureScale::of(33s).row == 20s);
  CHECK(PictureScale::of(33s).rows == 2);
  CHECK(PictureScale::of(240s).rows == 12);
  CHECK(PictureScale::of(250s).row == 30s);
  CHECK(PictureScale::of(40'040ms).rows == 2);  // and no third for a blink
  CHECK(PictureScale::of(40'040ms).row == 20'020ms);
  CHECK(PictureScale::of(Envelope::TimeMax).rows == 12);
  CHECK(PictureScale::of(2 * Envelope::TimeMax).rows == 12);
}

TEST_CASE("an envelope holds the highest of each moment, and nothing of what a damaged place says") {
  Envelope sound;
  const std::vector<std::int16_t> low(240, 100), deep(240, -32'768);
  sound.add(core::to_samples(10ms), low);
  sound.add(core::to_samples(20ms), deep);
  sound.add({std::int64_t{1} << 60}, low);
  sound.add({-5'000}, low);
  CHECK(sound.peak({0ms}, {10ms}) == 0);
  CHECK(sound.peak({10ms}, {20ms}) == 100);
  CHECK(sound.peak({0ms}, {1s}) == 32'768);
  CHECK(sound.peak({5s}, {6s}) == 0);
  CHECK(sound.end() == core::Instant{30ms});
}

TEST_CASE("the picture of a small call is the one that is kept") {
  const Book book;
  const auto svg = picture(small_call(book));
  const auto file = std::filesystem::path(test::source_dir()) / "tests/runtime/telemetry/small_call.svg";
  if (std::getenv("FLOW_UPDATE")) std::ofstream(file, std::ios::binary) << svg;
  std::ifstream in(file, std::ios::binary);
  INFO("FLOW_UPDATE=1 writes it anew; look at it before it is kept");
  CHECK(std::string{std::istreambuf_iterator<char>(in), {}} == svg);
}
