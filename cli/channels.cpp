#include "cli/channels.h"

#include <fmt/format.h>

#include <algorithm>

namespace flow::cli {
namespace {

using Kind = ir::Channel::Kind;

auto place_of(const ir::Channel& channel) -> std::string {
  switch (channel.kind) {
    case Kind::Phone: return "the phone " + channel.address;
    case Kind::Browser: return "the page " + channel.address;
    case Kind::Microphone: break;
  }
  return channel.address.empty() ? "a microphone" : "the microphone " + channel.address;
}

}  // namespace

auto microphone_of(const ir::Program& program) -> const ir::Channel* {
  const auto found = std::ranges::find_if(program.channels, [](const ir::Channel& c) { return c.kind == Kind::Microphone && c.active; });
  return found == program.channels.end() ? nullptr : &*found;
}

auto channels_in_words(const ir::Program& program) -> std::string {
  std::string out;
  for (const auto& channel : program.channels) {
    out += fmt::format("{}`{}` is {}{}", out.empty() ? "" : ", ", channel.name, place_of(channel), channel.active ? "" : " and takes no calls");
  }
  return out;
}

auto rehearsal_of(const ir::Program& program) -> std::string {
  const auto far = std::ranges::find_if(program.channels, [](const ir::Channel& c) { return c.kind != Kind::Microphone && c.active; });
  if (far == program.channels.end()) return {};
  return fmt::format("this is a rehearsal: no call comes in by `{}` ({}) yet", far->name, place_of(*far));
}

}  // namespace flow::cli
