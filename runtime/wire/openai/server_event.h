#pragma once
// Every event the service may send.

#include "runtime/wire/openai/server_conversation.h"
#include "runtime/wire/openai/server_response.h"

namespace flow::wire::openai::server {

using What =
    std::variant<Error, SessionCreated, SessionUpdated, ConversationCreated, RateLimitsUpdated, ItemAdded, ItemDone,
                 ItemCreated, ItemRetrieved, ItemDeleted, ItemTruncated, TranscriptDelta, TranscriptCompleted,
                 TranscriptSegment, TranscriptFailed, SpeechStarted, SpeechStopped, AudioCommitted, AudioCleared,
                 TimeoutTriggered, DtmfReceived, OutputAudioStarted, OutputAudioStopped, OutputAudioCleared,
                 ResponseCreated, ResponseDone, OutputItemAdded, OutputItemDone, PartAdded, PartDone, TextDelta,
                 TextDone, SpokenTextDelta, SpokenTextDone, AudioDelta, AudioDone, ArgumentsDelta, ArgumentsDone,
                 McpArgumentsDelta, McpArgumentsDone, McpCallInProgress, McpCallCompleted, McpCallFailed,
                 McpListInProgress, McpListCompleted, McpListFailed, Unknown>;

struct Event {
  std::string event_id;  // empty: none
  What what;
  auto operator==(const Event&) const -> bool = default;
};

}  // namespace flow::wire::openai::server
