#include "runtime/core/playout.h"

#include <algorithm>

namespace flow::core {

auto Spoken::heard(Samples played) const -> Samples { return std::clamp(played, begin, end) - begin; }

void Playout::queue(std::vector<Spoken>& items, ItemId item, Samples length) {
  const auto known = std::ranges::find(items, item, &Spoken::item);
  if (known == items.end()) {
    items.push_back({item, end_, end_ + length, {}});
  } else {
    if (known->length() == Samples{}) known->begin = end_;  // its words came before its audio
    known->end = end_ + length;
  }
  end_ = end_ + length;
}

void Playout::advance(Samples played) { played_ = std::clamp(played, played_, end_); }

void Playout::flushed(Samples played) {
  advance(played);
  end_ = played_;
}

auto heard_words(const std::string& text, Samples heard, Samples length) -> std::string {
  if (heard >= length) return text;
  if (length.count <= 0) return {};
  auto cut = static_cast<std::size_t>(static_cast<double>(text.size()) * static_cast<double>(heard.count) / static_cast<double>(length.count));
  if (cut < text.size() && text[cut] != ' ') {
    const auto space = text.rfind(' ', cut);
    cut = space == std::string::npos ? 0 : space;
  }
  return text.substr(0, cut);
}

}  // namespace flow::core
