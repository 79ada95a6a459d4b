#include "runtime/telemetry/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/telemetry/picture_style.h"
#include "runtime/telemetry/svg.h"
#include "runtime/telemetry/words.h"

namespace flow::telemetry {
namespace {

using core::Instant;
using core::Millis;

constexpr double Header = 64, Footer = 58, RowGap = 26;
constexpr double AxisHeight = 20, NotesHeight = 18, WordsHeight = 19, TrackHeight = 52, DelayHeight = 24, LaneHeight = 22;
constexpr std::size_t LanesMax = 4;
constexpr double LetterWidth = 6.1;  // of words, on average, in the font and size of the style sheet
constexpr double TipMax = 300, TipMaxOfLongRows = 80;  // letters; a long call has many

// As much of `words` as has room, by the width of an average letter; empty if that is hardly a word.
auto fitted(std::string_view words, double room) -> std::string {
  const auto letters = static_cast<std::size_t>(std::max(0.0, room / LetterWidth));
  if (columns(words) <= letters) return std::string(words);
  if (letters < 5) return {};
  std::size_t end = 0, shown = 0;
  while (end < words.size() && shown + 1 < letters) {
    ++end;
    while (end < words.size() && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) ++end;
    ++shown;
  }
  return std::string(words.substr(0, end)) + "…";
}

auto clock_words(Instant at) -> std::string {
  const auto s = at.since_start.count() / 1'000;
  if (s < 3'600) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{}:{:02}:{:02}", s / 3'600, s / 60 % 60, s % 60);
}

auto stage_class(Stage stage) -> std::string { return fmt::format("s-{}", name_of(stage)); }

// Which lane each run is drawn in: the first that is free, or the last there is.
auto lanes_of(const std::vector<Scene::Run>& runs) -> std::vector<std::size_t> {
  std::vector<std::size_t> lanes;
  std::vector<Instant> free;
  for (const auto& run : runs) {
    auto lane = static_cast<std::size_t>(std::ranges::find_if(free, [&](Instant at) { return at <= run.from; }) - free.begin());
    if (lane == free.size() && lane < LanesMax) free.emplace_back();
    lane = std::min(lane, free.size() - 1);
    free[lane] = std::max(free[lane], run.until);
    lanes.push_back(lane);
  }
  return lanes;
}

// One row of the score.
class Row {
 public:
  Row(Svg& svg, const Scene& scene, const std::vector<std::size_t>& lanes, PictureScale scale, int number, double top)
      : svg_(svg), scene_(scene), lanes_(lanes), scale_(scale), from_{scale.row * number}, until_{scale.row * (number + 1)}, top_(top) {}

  // Returns where it ends.
  auto draw() -> double {
    auto y = axis(top_);
    y = notes(y);
    words_top_ = y;
    caller_top_ = y + WordsHeight;
    delays_top_ = caller_top_ + TrackHeight;
    agent_top_ = delays_top_ + DelayHeight;
    const auto lanes_top = agent_top_ + TrackHeight + WordsHeight;
    grid(lanes_top + static_cast<double>(lanes_here()) * LaneHeight);
    track("caller", scene_.caller, scene_.caller_sound, caller_top_, words_top_ + WordsHeight - 6);
    track("agent", scene_.agent, scene_.agent_sound, agent_top_, agent_top_ + TrackHeight + WordsHeight - 5);
    delays();
    marks();
    return tools(lanes_top);
  }

 private:
  auto tip(std::string_view words) const -> std::string { return fitted(words, LetterWidth * (scale_.row > Millis{60'000} ? TipMaxOfLongRows : TipMax)); }
  auto x(Instant at) const -> double { return scale_.x(std::clamp(at, from_, std::min(until_, scene_.end)), from_); }
  auto is_here(Instant begin, Instant end) const -> bool { return begin < until_ && end >= from_; }
  auto right() const -> double { return PictureScale::Width - PictureScale::Right; }

  auto axis(double y) -> double {
    for (const auto step : {1, 2, 5, 10, 30, 60, 120, 300, 600, 1'800, 3'600, 7'200}) {
      const auto wide = scale_.x(from_ + Millis{step * 1'000}, from_) - PictureScale::Left;
      if (wide < 52) continue;
      tick_ = Millis{step * 1'000};
      break;
    }
    for (auto at = from_; at <= std::min(until_, scene_.end); at = at + tick_) svg_.text("time", x(at), y + 11, clock_words(at));
    return y + AxisHeight;
  }

  void grid(double bottom) {
    std::string lines;
    for (auto at = from_; at <= std::min(until_, scene_.end); at = at + tick_) {
      lines += fmt::format("M{} {}V{}", number(x(at)), number(top_ + AxisHeight - 4), number(bottom));
    }
    svg_.path("grid", lines);
  }

  auto here(const Scene::Mark& mark) const -> bool { return mark.at >= from_ && mark.at < until_; }

  // What happened, in words; what has no room keeps its line and its tip.
  auto notes(double y) -> double {
    if (std::ranges::none_of(scene_.marks, [&](const auto& mark) { return here(mark); })) return y;
    for (std::size_t i = 0; i < scene_.marks.size(); ++i) {
      const auto& mark = scene_.marks[i];
      if (!here(mark)) continue;
      const auto next = std::ranges::find_if(scene_.marks.begin() + static_cast<std::ptrdiff_t>(i) + 1, scene_.marks.end(), [&](const auto& one) { return here(one); });
      const auto room = (next == scene_.marks.end() ? right() : x(next->at)) - x(mark.at) - 8;
      const auto words = fitted(note_of(mark), room);
      if (!words.empty()) svg_.text(mark_class(mark.kind) + " words", x(mark.at) - 1, y + 11, words);
    }
    notes_top_ = y;
    return y + NotesHeight;
  }

  static auto mark_class(Scene::Mark::Kind kind) -> std::string {
    constexpr std::string_view Names[] = {"handoff", "digit", "trouble", "ending"};
    return std::string(Names[static_cast<std::size_t>(kind)]);
  }

  static auto note_of(const Scene::Mark& mark) -> std::string {
    switch (mark.kind) {
      case Scene::Mark::Kind::Handoff: return "→ " + mark.words;
      case Scene::Mark::Kind::Digit: return "key " + mark.words;
      case Scene::Mark::Kind::Trouble: return "! " + mark.words;
      default: return mark.words;
    }
  }

  void marks() {
    double last = -10;
    for (const auto& mark : scene_.marks) {
      if (!here(mark) || x(mark.at) - last < 1.5) continue;
      last = x(mark.at);
      svg_.path(mark_class(mark.kind) + " mark", fmt::format("M{} {}V{}", number(last), number(notes_top_ + 14), number(agent_top_ + TrackHeight)), tip(note_of(mark)));
      if (mark.kind == Scene::Mark::Kind::Digit) svg_.dot("digit", last, caller_top_ + TrackHeight / 2, 4, tip(note_of(mark)));
    }
  }

  // A side: when it spoke, how it sounded, what was said. `line` is where its words stand.
  void track(std::string_view side, const std::vector<Scene::Speech>& speeches, const Envelope& sound, double y, double line) {
    const auto of = std::string(side);
    svg_.text(of + " name", PictureScale::Left - 12, y + TrackHeight / 2 + 4, side);
    double band_end = -10;
    for (const auto& one : speeches) {
      if (one.typed || !is_here(one.from, one.until) || x(one.until) - band_end < 1) continue;
      band_end = x(one.until);
      svg_.box(of + " band", x(one.from), y + 1, std::max(2.0, band_end - x(one.from)), TrackHeight - 2, 4, tip(speech_tip(one)));
    }
    svg_.line(of + " middle", PictureScale::Left, y + TrackHeight / 2, x(until_), y + TrackHeight / 2);
    wave(of, sound, y);
    for (const auto& one : speeches) {
      if (one.cut && one.until >= from_ && one.until < until_) {
        svg_.path("cut", fmt::format("M{0} {1}V{2}M{3} {1}l7 7m0 -7l-7 7", number(x(one.until)), number(y + 2), number(y + TrackHeight + 2), number(x(one.until) + 5)),
                  fmt::format("cut after {}", duration_words(one.heard)));
      }
    }
    words(of, speeches, line);
  }

  static auto speech_tip(const Scene::Speech& one) -> std::string {
    return fmt::format("{}, {} to {}: {}", one.who, clock_words(one.from), clock_words(one.until), one.words);
  }

  // What is said in this row: of one that began in the row above, about the rest, from a word on.
  auto said_here(const Scene::Speech& one) const -> std::string {
    if (one.typed) return "“" + one.words + "”";
    if (one.from >= from_ || one.words.empty()) return one.words;
    const auto passed = static_cast<double>((from_ - one.from).count()) / static_cast<double>(std::max<std::int64_t>(1, (one.until - one.from).count()));
    const auto space = one.words.find(' ', static_cast<std::size_t>(passed * static_cast<double>(one.words.size())));
    return space == one.words.npos ? std::string{} : "…" + one.words.substr(space);
  }

  // Each speech has the room up to the next.
  void words(const std::string& of, const std::vector<Scene::Speech>& speeches, double line) {
    double end = PictureScale::Left;
    for (std::size_t i = 0; i < speeches.size(); ++i) {
      const auto& one = speeches[i];
      if (!is_here(one.from, one.until) || x(one.from) < end) continue;
      const auto said = said_here(one);
      if (said.empty()) continue;
      const auto room = (i + 1 < speeches.size() && speeches[i + 1].from < until_ ? x(speeches[i + 1].from) : right()) - x(one.from) - 8;
      const auto shown = fitted(said, room);
      if (shown.empty()) continue;
      end = x(one.from) + static_cast<double>(columns(shown)) * LetterWidth;
      svg_.text(of + (one.cut ? " broken words" : " words"), x(one.from), line, shown);
    }
  }

  // A column a pixel, mirrored about the middle; silence is not drawn.
  void wave(const std::string& of, const Envelope& sound, double y) {
    const auto middle = y + TrackHeight / 2;
    const auto half = TrackHeight / 2 - 3;
    const auto height = [&](int column) {
      const auto at = [&](int pixel) { return from_ + Millis{scale_.row.count() * pixel / static_cast<std::int64_t>(right() - PictureScale::Left)}; };
      const auto share = std::pow(sound.peak(at(column), at(column + 1)) / 32'768.0, 0.6);  // soft voices are to be seen
      return std::round(half * share);
    };
    std::string path;
    const auto width = static_cast<int>(right() - PictureScale::Left);
    for (int begin = 0; begin < width; ++begin) {
      if (height(begin) < 1) continue;
      auto end = begin;
      std::string up, down;
      double last = 0;
      for (; end < width; ++end) {
        const auto tall = height(end);
        if (tall < 1) break;
        up += fmt::format("v{}h1", number(last - tall));
        last = tall;
      }
      path += fmt::format("M{} {}{}V{}", number(PictureScale::Left + begin), number(middle), up, number(middle));
      last = 0;
      for (auto back = end - 1; back >= begin; --back) {
        const auto tall = height(back);
        down += fmt::format("v{}h-1", number(tall - last));
        last = tall;
      }
      path += down + "Z";
      begin = end;
    }
    if (!path.empty()) svg_.path(of + " wave", path);
  }

  // The stages, one after the other, between the two who wait for each other.
  void delays() {
    const auto y = delays_top_ + 6;
    double label_end = 0;
    for (const auto& delay : scene_.delays) {
      if (!is_here(delay.began, delay.ended)) continue;
      auto at = delay.began;
      auto words = fmt::format("{} {}", delay.kind == Delay::Kind::BargeIn ? "silent after" : "answer after", duration_words(delay.took()));
      auto all = words;
      for (const auto& part : delay.parts) {
        const auto end = at + part.took;
        if (part.took > Millis{0}) all += fmt::format(", {} {}", words_of(part.stage), duration_words(part.took));
        if (is_here(at, end) && x(end) - x(at) >= 0.5) svg_.box(stage_class(part.stage), x(at), y, x(end) - x(at), 12);
        at = end;
      }
      svg_.box("delay", x(delay.began), y, std::max(1.0, x(delay.ended) - x(delay.began)), 12, 2, all);
      if (delay.ended >= until_ || x(delay.ended) < label_end) continue;
      label_end = x(delay.ended) + 46;
      svg_.text(delay.kind == Delay::Kind::BargeIn ? "stop words" : "wait words", x(delay.ended) + 5, y + 10, duration_words(delay.took()));
    }
  }

  auto lanes_here() const -> std::size_t {
    std::size_t count = 0;
    for (std::size_t i = 0; i < scene_.runs.size(); ++i) {
      if (is_here(scene_.runs[i].from, scene_.runs[i].until)) count = std::max(count, lanes_[i] + 1);
    }
    return count;
  }

  // A bar from start to result, a thin one while the result waits to be told, and how it ended.
  auto tools(double y) -> double {
    std::vector<double> ends(LanesMax, -10);
    for (std::size_t i = 0; i < scene_.runs.size(); ++i) {
      const auto& run = scene_.runs[i];
      if (!is_here(run.from, run.until) || x(run.until) - ends[lanes_[i]] < 1) continue;
      const auto top = y + static_cast<double>(lanes_[i]) * LaneHeight + 3;
      const auto works_until = run.ready.value_or(run.until);
      auto words = run.tool.empty() ? std::string("a tool") : run.tool;
      if (run.ready) words += fmt::format(", ready after {}", duration_words(*run.ready - run.from));
      if (!run.words.empty()) words += ": " + run.words;
      if (works_until >= from_) svg_.box("tool bar", x(run.from), top, std::max(2.0, x(works_until) - x(run.from)), LaneHeight - 6, 4, tip(words));
      if (run.ready && run.until > works_until && run.until >= from_) svg_.box("tool waits", x(works_until), top + 5, x(run.until) - x(works_until), 6);
      if (run.ready && *run.ready >= from_ && *run.ready < until_) {
        const auto rx = x(*run.ready), ry = top + 8;
        svg_.path("tool ready", fmt::format("M{} {}l6 6l-6 6l-6 -6Z", number(rx), number(ry - 6)), "the result is ready");
      }
      if (run.until >= from_ && run.until < until_) outcome(run, x(run.until), top + 8);
      ends[lanes_[i]] = x(run.until);
      const auto shown = fitted(words, x(works_until) - x(run.from) - 18);
      if (!shown.empty()) svg_.text("tool words", x(run.from) + 7, top + 12, shown);
    }
    return y + static_cast<double>(lanes_here()) * LaneHeight;
  }

  void outcome(const Scene::Run& run, double at, double y) {
    if (run.end == Scene::Run::End::Told) {
      svg_.dot("told", at, y, 7, "heard by the caller");
      svg_.path("sign", fmt::format("M{} {}l2.5 2.5l4.5 -5.5", number(at - 3.5), number(y + 0.5)));
    } else if (run.end == Scene::Run::End::Failed) {
      svg_.dot("failed", at, y, 7, tip(run.words));
      svg_.path("sign", fmt::format("M{} {}l6 6m0 -6l-6 6", number(at - 3), number(y - 3)));
    }
  }

  Svg& svg_;
  const Scene& scene_;
  const std::vector<std::size_t>& lanes_;
  PictureScale scale_;
  Instant from_, until_;
  double top_;
  Millis tick_{1'000};
  double notes_top_ = 0, words_top_ = 0, caller_top_ = 0, delays_top_ = 0, agent_top_ = 0;
};

// `3 answers after 750 ms to 1.4 s, 1 barge-in`
auto summary(const Scene& scene) -> std::string {
  auto out = duration_words(scene.end.since_start);
  std::vector<Millis> replies, stops;
  for (const auto& delay : scene.delays) (delay.kind == Delay::Kind::BargeIn ? stops : replies).push_back(delay.took());
  const auto add = [&](const std::vector<Millis>& times, std::string_view one, std::string_view many, std::string_view after) {
    if (times.empty()) return;
    const auto [least, most] = std::ranges::minmax(times);
    out += fmt::format("  ·  {} {} {} {}", times.size(), times.size() == 1 ? one : many, after, duration_words(least));
    if (most > least) out += fmt::format(" to {}", duration_words(most));
  };
  add(replies, "answer", "answers", "after");
  add(stops, "barge-in", "barge-ins", "heeded within");
  return out;
}

// The stages that occur, and the signs.
void legend(Svg& svg, const Scene& scene, double y) {
  auto x = PictureScale::Left;
  const auto entry = [&](std::string_view words) {
    svg.text("legend words", x + 18, y + 10, words);
    x += 18 + static_cast<double>(columns(words)) * LetterWidth + 20;
  };
  for (const auto& row : stages()) {
    const auto occurs = std::ranges::any_of(scene.delays, [&](const Delay& delay) {
      return std::ranges::any_of(delay.parts, [&](const Delay::Part& part) { return part.stage == row.what && part.took > Millis{0}; });
    });
    if (!occurs) continue;
    svg.box(stage_class(row.what), x, y, 12, 12, 2);
    entry(words_of(row.what));
  }
  if (x > PictureScale::Left) y += 22, x = PictureScale::Left;
  if (std::ranges::any_of(scene.agent, &Scene::Speech::cut)) {
    svg.path("cut", fmt::format("M{0} {1}l8 8m0 -8l-8 8", number(x + 2), number(y + 2)));
    entry("the agent was cut");
  }
  if (!scene.runs.empty()) {
    svg.box("tool bar", x, y, 12, 12, 3);
    entry("a tool works");
    svg.path("tool ready", fmt::format("M{} {}l6 6l-6 6l-6 -6Z", number(x + 6), number(y)));
    entry("its result is ready and waits");
    svg.dot("told", x + 6, y + 6, 6);
    entry("the caller heard it");
  }
}

}  // namespace

auto PictureScale::of(Millis call) -> PictureScale {
  for (const auto s : {5, 10, 20}) {
    if (call <= Millis{s * 1'000}) return {Millis{s * 1'000}, 1};
  }
  Millis row{20'000};
  for (const auto s : {20, 30, 60, 120, 300, 600, 1'800, 7'200}) {
    row = Millis{s * 1'000};
    if (call <= row * RowsMax) break;
  }
  // A last row that would be nearly empty is shared out among the others; so is what no number of rows would hold.
  const auto rows = std::clamp<std::int64_t>((call - row / 20 + row - Millis{1}) / row, 1, RowsMax);
  return {std::max(row, (call + Millis{rows - 1}) / rows), static_cast<int>(rows)};
}

auto PictureScale::x(Instant at, Instant begin) const -> double {
  return Left + (Width - Left - Right) * static_cast<double>((at - begin).count()) / static_cast<double>(row.count());
}

auto picture(const Scene& scene) -> std::string {
  const auto scale = PictureScale::of(scene.end.since_start);
  const auto lanes = lanes_of(scene.runs);
  Svg body;
  double y = Header;
  for (int row = 0; row < scale.rows; ++row) y = Row(body, scene, lanes, scale, row, y).draw() + RowGap;
  legend(body, scene, y);

  const auto height = y + Footer;
  Svg svg(PictureScale::Width, height, scene.title, PictureStyle);
  svg.box("ground", 0, 0, PictureScale::Width, height, 10);
  svg.text("title", PictureScale::Left, 32, scene.title);
  svg.text("summary words", PictureScale::Left, 51, summary(scene));
  svg.add(body);
  return svg.take();
}

}  // namespace flow::telemetry
