#include <pocketsphinx.h>
#include <sphinxbase/cmn.h>
#include <sphinxbase/err.h>
#include <sphinxbase/ngram_model.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/audio/resample.h"
#include "runtime/simulate/decoder.h"
#include "runtime/simulate/phrasing.h"
#include "runtime/simulate/spoken_numbers.h"
#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

constexpr int ModelHz = 16'000;

// What the general model of English and the session's own words are worth against each other.
constexpr std::array<float, 2> Weights{0.2F, 0.8F};

struct Close {
  void operator()(ps_decoder_t* p) const { ps_free(p); }
  void operator()(cmd_ln_t* p) const { cmd_ln_free_r(p); }
  void operator()(ngram_model_t* p) const { ngram_model_free(p); }
  void operator()(std::FILE* p) const { std::fclose(p); }
  void operator()(char* p) const { std::free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Close>;

struct Files {
  std::filesystem::path sounds, words, language;
};
auto files_in(const std::filesystem::path& folder) -> Files {
  return {folder / "en-us", folder / "cmudict-en-us.dict", folder / "en-us.lm.bin"};
}

auto missing(const std::string& what) -> Error {
  return {"R0122", "the simulated service cannot hear: " + what, "install it: apt-get install pocketsphinx-en-us, or type instead of speaking"};
}

// The model writes some words otherwise than people do, and all numbers in letters.
auto as_written(std::string words) -> std::string {
  constexpr std::array<std::array<std::string_view, 2>, 2> Spellings{{{"good-bye", "goodbye"}, {"post code", "postcode"}}};
  for (const auto& [from, to] : Spellings) {
    for (auto at = words.find(from); at != std::string::npos; at = words.find(from, at + to.size())) words.replace(at, from.size(), to);
  }
  return with_digits(words);
}

// What the model makes of coughs and hiss. Nobody says only that.
auto is_noise(std::string_view words) -> bool {
  constexpr auto Particles = std::to_array<std::string_view>({
      "a", "an", "and", "as", "at", "but", "by", "er", "for", "he", "her", "his", "i", "if", "in", "is", "it", "mm", "of", "on", "or", "she",
      "than", "that", "the", "this", "to", "uh", "um", "was", "were", "with"});
  const auto all = tokens(words);
  return std::all_of(all.begin(), all.end(), [&](const Token& word) { return std::find(Particles.begin(), Particles.end(), word.text) != Particles.end(); });
}

class SphinxDecoder final : public Decoder {
 public:
  SphinxDecoder(Owned<cmd_ln_t> settings, Owned<ps_decoder_t> decoder) : settings_(std::move(settings)), decoder_(std::move(decoder)) {
    const auto* mean = ps_get_feat(decoder_.get())->cmn_struct->cmn_mean;
    std::copy_n(mean, mean_.size(), mean_.begin());
    general_ = ps_get_lm(decoder_.get(), ps_get_search(decoder_.get()));
  }

  // The same turn gives the same words, whoever spoke before: what was learnt of that line is forgotten.
  void begin(const std::string& hints) override {
    if (hints != hints_) tune_to(hints);
    auto mean = mean_;
    cmn_live_set(ps_get_feat(decoder_.get())->cmn_struct, mean.data());
    to_model_rate_.emplace(audio::RateHz, ModelHz);
    ps_start_utt(decoder_.get());
  }

  void hear(audio::Pcm pcm) override {
    converted_.clear();
    to_model_rate_->process(pcm, converted_);
    if (!converted_.empty()) ps_process_raw(decoder_.get(), converted_.data(), converted_.size(), FALSE, FALSE);
  }

  auto so_far() -> std::string override {
    const auto* words = ps_get_hyp(decoder_.get(), nullptr);
    return as_written(words == nullptr ? "" : words);
  }

  auto end() -> Words override {
    ps_end_utt(decoder_.get());
    auto words = so_far();
    const bool understood = !is_noise(words);
    return {std::move(words), understood};
  }

 private:
  auto knows(const std::string& word) const -> bool { return Owned<char>(ps_lookup_word(decoder_.get(), word.c_str())) != nullptr; }

  // The library reads models from files alone; this one has no name and is gone when it is closed.
  auto read_model(const std::string& text) -> Owned<ngram_model_t> {
    const Owned<std::FILE> file(std::tmpfile());
    if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0) return {};
    const auto path = "/proc/self/fd/" + std::to_string(fileno(file.get()));
    return Owned<ngram_model_t>(ngram_model_read(settings_.get(), path.c_str(), NGRAM_ARPA, ps_get_logmath(decoder_.get())));
  }

  void tune_to(const std::string& hints) {
    hints_ = hints;
    auto own = read_model(language_model(spoken_sentences(hints), [this](const std::string& word) { return knows(word); }));
    if (!own) {
      ps_set_search(decoder_.get(), general_name_.c_str());
      return;
    }
    std::array<ngram_model_t*, 2> models{ngram_model_retain(general_), own.release()};
    std::string general = "general", session = "session";
    std::array<char*, 2> names{general.data(), session.data()};
    const Owned<ngram_model_t> both(ngram_model_set_init(settings_.get(), models.data(), names.data(), Weights.data(), 2));
    if (!both || ps_set_lm(decoder_.get(), session.c_str(), both.get()) != 0 || ps_set_search(decoder_.get(), session.c_str()) != 0) {
      ps_set_search(decoder_.get(), general_name_.c_str());
    }
  }

  Owned<cmd_ln_t> settings_;
  Owned<ps_decoder_t> decoder_;
  ngram_model_t* general_ = nullptr;     // the decoder's own
  std::string general_name_ = ps_get_search(decoder_.get());
  std::string hints_;
  std::array<mfcc_t, 13> mean_{};        // of a line that nothing is known of
  std::optional<audio::Resampler> to_model_rate_;
  std::vector<std::int16_t> converted_;
};

}  // namespace

auto speech_model_folder() -> std::filesystem::path { return FLOW_SPEECH_MODEL; }

auto find_speech_model(const std::filesystem::path& folder) -> Result<void> {
  const auto files = files_in(folder);
  for (const auto& file : {files.sounds / "mdef", files.words, files.language}) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return tl::unexpected(missing("there is no speech model `" + file.string() + "`"));
  }
  return {};
}

auto load_decoder(const std::filesystem::path& folder) -> Result<std::unique_ptr<Decoder>> {
  if (const auto found = find_speech_model(folder); !found) return tl::unexpected(found.error());
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  err_set_logfp(nullptr);  // it tells its whole life on stderr
  const auto files = files_in(folder);
  std::vector<std::string> words{"flowc", "-hmm", files.sounds.string(), "-dict", files.words.string(), "-lm", files.language.string()};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  Owned<cmd_ln_t> settings(cmd_ln_parse_r(nullptr, ps_args(), static_cast<int>(arguments.size()), arguments.data(), TRUE));
  if (!settings) return tl::unexpected(missing("the recogniser does not take its settings"));
  Owned<ps_decoder_t> decoder(ps_init(settings.get()));
  if (!decoder) return tl::unexpected(missing("the speech model in `" + folder.string() + "` cannot be read"));
  return std::make_unique<SphinxDecoder>(std::move(settings), std::move(decoder));
}

}  // namespace flow::simulate
