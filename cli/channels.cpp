#include "cli/channels.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "compiler/ir/words.h"

namespace flow::cli {
namespace {

using Kind = ir::Channel::Kind;
using Keys = ir::Channel::Keys;

auto place_of(const ir::Channel& channel) -> std::string {
  switch (channel.kind) {
    case Kind::Phone: return "the phone " + channel.address;
    case Kind::Browser: return "the page " + channel.address;
    case Kind::Microphone: break;
  }
  return channel.address.empty() ? "a microphone" : "the microphone " + channel.address;
}

auto first(const ir::Program& program, Kind kind) -> const ir::Channel* {
  const auto found = std::ranges::find_if(program.channels, [&](const ir::Channel& c) { return c.kind == kind && c.active; });
  return found == program.channels.end() ? nullptr : &*found;
}

auto no_microphone(const ir::Program& program, const std::string& whose) -> Error {
  return {"R0521", fmt::format("`{}` takes no calls by microphone: {}", whose, channels_in_words(program)),
          "declare one, as `channel room { microphone }`, or rehearse: without --audio device you type, --play follows a script"};
}

}  // namespace

auto channel_of(const ir::Program& program, const std::string& name, bool device) -> Result<const ir::Channel*> {
  if (!name.empty()) {
    const auto found = std::ranges::find(program.channels, name, &ir::Channel::name);
    if (found == program.channels.end()) {
      return failure("R0522", fmt::format("`{}` has no channel `{}`", program.name, name), program.channels.empty() ? "it declares none" : channels_in_words(program));
    }
    if (device && found->kind != Kind::Microphone) return tl::unexpected(no_microphone(program, name));
    return &*found;
  }
  if (device) {
    const auto* microphone = first(program, Kind::Microphone);
    if (!microphone && !program.channels.empty()) return tl::unexpected(no_microphone(program, program.name));
    return microphone;
  }
  const auto* phone = first(program, Kind::Phone);
  return phone ? phone : first(program, Kind::Browser);
}

auto channels_in_words(const ir::Program& program) -> std::string {
  std::string out;
  for (const auto& channel : program.channels) {
    out += fmt::format("{}`{}` is {}{}", out.empty() ? "" : ", ", channel.name, place_of(channel), channel.active ? "" : " and takes no calls");
  }
  return out;
}

auto rehearsal_of(const ir::Channel* channel) -> std::string {
  if (!channel || channel->kind == Kind::Microphone) return {};
  auto text = fmt::format("this is a rehearsal: no call comes in by `{}` ({}) yet", channel->name, place_of(*channel));
  std::vector<std::string> facts;
  if (channel->audio && *channel->audio != ir::AudioFormat::Pcm16) facts.push_back(fmt::format("it sounds like a line of {}", ir::to_word(*channel->audio)));
  if (channel->keys == Keys::Inband) facts.push_back("keys are heard as tones");
  if (channel->keys == Keys::None) facts.push_back("no keys come in");
  if (!facts.empty()) text += fmt::format("; {}", fmt::join(facts, ", and "));
  return text;
}

}  // namespace flow::cli
