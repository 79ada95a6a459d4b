#include "runtime/simulate/recogniser.h"

#include <algorithm>
#include <utility>

namespace flow::simulate {

namespace {

// Only English is known.
auto is_known(const std::string& language) -> bool { return language.empty() || language.starts_with("en"); }

}  // namespace

// What a connection and a decoder share of one turn. The loop's.
class Recogniser::Turn {
 public:
  std::string hints;
  std::vector<std::int16_t> pcm;   // what no decoder has had yet
  bool ended = false;              // nothing is added any more
  bool dropped = false;            // nobody wants the words
  std::string so_far;
  std::optional<Words> words;
  std::function<void()> on_words;  // empty: the connection is gone
};

struct Recogniser::Chair {
  std::unique_ptr<Decoder> decoder;  // none: not loaded
  std::shared_ptr<Turn> turn;        // none: free
  bool begun = false;                // the decoder knows of the turn
  bool working = false;              // a thread has the decoder
};

class Recogniser::Listening final : public Ears {
 public:
  Listening(Recogniser& recogniser, std::function<void()> on_words) : recogniser_(recogniser), on_words_(std::move(on_words)) {}
  ~Listening() override {
    drop();
    for (const auto& turn : ended_) give_up(*turn);
  }

  void begin(const Hints& hints) override {
    turn_ = std::make_shared<Turn>();
    turn_->hints = hints.text;
    turn_->on_words = on_words_;
    if (!is_known(hints.language) || recogniser_.deaf_) turn_->words = Words{{}, false};
    else recogniser_.waiting_.push_back(turn_);
  }
  void hear(audio::Pcm pcm) override {
    if (turn_->words) return;
    turn_->pcm.insert(turn_->pcm.end(), pcm.begin(), pcm.end());
    recogniser_.seat();
  }
  void end() override {
    turn_->ended = true;
    ended_.push_back(std::move(turn_));
    recogniser_.seat();
  }
  void drop() override {
    if (!turn_) return;
    give_up(*turn_);
    turn_.reset();
    recogniser_.seat();
  }
  auto so_far() const -> std::string override { return turn_ ? turn_->so_far : std::string{}; }
  auto take() -> std::optional<Words> override {
    if (ended_.empty() || !ended_.front()->words) return {};
    auto words = std::move(*ended_.front()->words);
    ended_.pop_front();
    return words;
  }

 private:
  static void give_up(Turn& turn) {
    turn.dropped = turn.ended = true;
    turn.pcm.clear();
    turn.on_words = nullptr;
  }

  Recogniser& recogniser_;
  std::function<void()> on_words_;
  std::shared_ptr<Turn> turn_;                 // being spoken
  std::deque<std::shared_ptr<Turn>> ended_;    // whose words are awaited
};

Recogniser::Recogniser(net::Loop& loop, MakeDecoder make, std::function<void(const Error&)> on_deaf)
    : Recogniser(loop, std::move(make), std::move(on_deaf), Limits{}) {}

Recogniser::Recogniser(net::Loop& loop, MakeDecoder make, std::function<void(const Error&)> on_deaf, Limits limits)
    : loop_(loop), make_(std::move(make)), on_deaf_(std::move(on_deaf)), limits_(limits), pool_(limits.decoders_max) {
  for (int i = 0; i < limits.decoders_max; ++i) chairs_.push_back(std::make_unique<Chair>());
}

Recogniser::~Recogniser() = default;

auto Recogniser::listen(std::function<void()> on_words) -> std::unique_ptr<Ears> {
  return std::make_unique<Listening>(*this, std::move(on_words));
}

// Gives free decoders to turns that wait, those that are loaded first, and everybody who has one something to do.
void Recogniser::seat() {
  std::erase_if(waiting_, [](const auto& turn) { return turn->dropped; });
  for (const bool loaded : {true, false}) {
    for (auto& chair : chairs_) {
      if (waiting_.empty()) break;
      if (chair->turn || chair->working || (chair->decoder != nullptr) != loaded) continue;
      chair->turn = std::move(waiting_.front());
      chair->begun = false;
      waiting_.pop_front();
    }
  }
  for (auto& chair : chairs_) {
    if (chair->turn && !chair->working && (chair->turn->ended || !chair->turn->pcm.empty())) work(*chair);
  }
}

// One piece of a turn on a thread: what has come in the meantime, or the end.
void Recogniser::work(Chair& chair) {
  struct Piece {
    std::vector<std::int16_t> pcm;
    bool begins = false, ends = false;
    std::string so_far;
    std::optional<Words> words;
    std::optional<Error> failed;
  };
  auto& turn = *chair.turn;
  const auto piece = std::make_shared<Piece>();
  const auto count = std::min(turn.pcm.size(), limits_.piece_max);
  piece->pcm.assign(turn.pcm.begin(), turn.pcm.begin() + static_cast<std::ptrdiff_t>(count));
  turn.pcm.erase(turn.pcm.begin(), turn.pcm.begin() + static_cast<std::ptrdiff_t>(count));
  piece->begins = !chair.begun;
  piece->ends = turn.ended && turn.pcm.empty();
  chair.begun = chair.working = true;

  const auto decode = [this, piece, &chair, hints = turn.hints] {
    if (!chair.decoder) {
      auto made = make_();
      if (!made) {
        piece->failed = made.error();
        return;
      }
      chair.decoder = std::move(*made);
    }
    if (piece->begins) chair.decoder->begin(hints);
    if (!piece->pcm.empty()) chair.decoder->hear(piece->pcm);
    if (piece->ends) piece->words = chair.decoder->end();
    else piece->so_far = chair.decoder->so_far();
  };
  const auto decoded = [this, piece, &chair, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    chair.working = false;
    const auto served = chair.turn;
    if (piece->failed) deaf(*piece->failed);
    served->so_far = std::move(piece->so_far);
    if (piece->words) served->words = std::move(piece->words);
    if (served->words) chair.turn.reset();
    if (const auto tell = served->on_words) tell();
    seat();
  };
  pool_.run(loop_.poster(), decode, decoded);
}

// Whoever speaks, now or later, is not understood; the service goes on.
void Recogniser::deaf(const Error& error) {
  for (auto& turn : waiting_) turn->words = Words{{}, false};
  for (auto& chair : chairs_) {
    if (chair->turn) chair->turn->words = Words{{}, false};
  }
  std::vector<std::function<void()>> told;
  for (auto& turn : waiting_) {
    if (turn->on_words) told.push_back(turn->on_words);
  }
  waiting_.clear();
  if (!std::exchange(deaf_, true)) on_deaf_(error);
  for (const auto& tell : told) tell();
}

}  // namespace flow::simulate
