#pragma once
// What both halves of a dialect, the one that sends and the one that receives, know about their link.

#include <deque>

#include "runtime/wire/capabilities.h"
#include "runtime/wire/dialect.h"
#include "runtime/wire/openai/names.h"

namespace flow::wire::openai {

struct Link {
  explicit Link(const LinkSetup& given)
      : setup(given), can(capabilities_of(given.program->realtimes[given.realtime].provider)), responses(given.after.response), items(given.after.item), calls(given.after.call) {}

  LinkSetup setup;
  core::Capabilities can;
  Names<core::ResponseId> responses;
  Names<core::ItemId> items;
  Names<core::FunctionCallId> calls;
  std::vector<core::ItemId> outside;       // items of out-of-band responses: no command can name them
  std::deque<core::ConfigId> configuring;  // sent and not answered, oldest first
  std::vector<core::AskId> asked_outside;  // out-of-band asks without a response so far
  std::string voice;                       // as last asked for
  double speed = 0;                        // the same; 0: never
  bool has_spoken = false;                 // audio was emitted: the voice can not be changed any more
  Counters counters;
};

}  // namespace flow::wire::openai
