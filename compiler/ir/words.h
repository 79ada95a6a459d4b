#pragma once
// How the enumerators of the contract are written in the text form, in their order.

#include <array>
#include <concepts>
#include <string_view>

#include "compiler/ir/ir.h"

namespace flow::ir {

template <class... Text>
constexpr auto word_list(Text... text) -> std::array<std::string_view, sizeof...(Text)> {
  return {std::string_view{text}...};
}

constexpr auto words(Type::Kind) {
  return word_list("string", "int", "float", "bool", "duration", "date", "time", "datetime", "money", "phone", "email", "json", "enum", "record", "list");
}
constexpr auto words(Expr::Op) {
  return word_list("literal", "state", "form", "local", "call", "field", "list", "record", "not", "and", "or", "eq", "ne", "lt", "le", "gt", "ge", "in");
}
constexpr auto words(TemplatePart::Kind) { return word_list("text", "hole", "if"); }
constexpr auto words(Line::Kind) { return word_list("words", "hint"); }
constexpr auto words(Target::Kind) { return word_list("agent", "back", "transfer"); }
constexpr auto words(Action::Kind) { return word_list("say", "ask", "set", "run", "handoff", "end_call", "if"); }
constexpr auto words(EventPattern::Kind) {
  return word_list("silence", "no_match", "dtmf", "phrase", "tool_failed", "provider_lost", "hangup", "call_start", "call_end", "limit", "voicemail");
}
constexpr auto words(Trigger::Kind) { return word_list("model", "event", "after", "becomes"); }
constexpr auto words(History) { return word_list("full", "last", "summary", "none"); }
constexpr auto words(Switch) { return word_list("interrupt", "at_pause", "when_idle"); }
constexpr auto words(Policy::Mode) { return word_list("background", "blocking"); }
constexpr auto words(Policy::Deliver) { return word_list("when_idle", "at_pause", "interrupt", "with_next_turn", "silent", "skip_if_busy"); }
constexpr auto words(Policy::CallerSpeaks) { return word_list("hold", "override_after", "override"); }
constexpr auto words(Policy::Read) { return word_list("always", "summary_over", "on_request", "on_request_over"); }
constexpr auto words(Policy::Priority) { return word_list("low", "normal", "high"); }
constexpr auto words(Policy::IfInterrupted) { return word_list("retry", "offer", "drop"); }
constexpr auto words(Policy::Duplicates) { return word_list("join", "reject", "replace", "confirm", "allow"); }
constexpr auto words(Policy::Progress) { return word_list("none", "every", "from_tool"); }
constexpr auto words(Policy::RetryOn) { return word_list("any", "network"); }
constexpr auto words(Policy::OnHandoff) { return word_list("keep", "await", "cancel"); }
constexpr auto words(Policy::OnHangup) { return word_list("finish", "cancel", "resume"); }
constexpr auto words(Policy::Cancel) { return word_list("never", "by_caller", "by_model"); }
constexpr auto words(Policy::Late) { return word_list("offer", "drop"); }
constexpr auto words(Effects) { return word_list("pure", "reads", "writes", "writes_once"); }
constexpr auto words(Tool::Body) { return word_list("lua", "end_call", "stay_silent", "http", "mcp", "exec", "sql", "batch"); }
constexpr auto words(Setting::From) { return word_list("text", "env", "secret"); }
constexpr auto words(Auth::Kind) { return word_list("none", "bearer", "header", "oauth"); }
constexpr auto words(Service::Kind) { return word_list("http", "mcp", "database"); }
constexpr auto words(TurnDetection::Kind) { return word_list("server_vad", "semantic_vad", "manual"); }
constexpr auto words(TurnDetection::Eagerness) { return word_list("auto", "low", "medium", "high"); }
constexpr auto words(Deed::Kind) { return word_list("tool", "enter", "heard"); }
constexpr auto words(Rule::Kind) { return word_list("unless", "before", "at_most", "reaches"); }
constexpr auto words(TurnControl) { return word_list("own", "server"); }
constexpr auto words(SpendingLimit::Per) { return word_list("day", "month"); }
constexpr auto words(Channel::Keys) { return word_list("events", "inband", "none"); }
constexpr auto words(AudioFormat) { return word_list("pcm16", "mulaw", "alaw"); }
constexpr auto words(Transfer::To) { return word_list("phone", "sip", "queue"); }
constexpr auto words(Transfer::Mode) { return word_list("warm", "cold", "blind"); }
constexpr auto words(Channel::Kind) { return word_list("phone", "browser", "microphone"); }

template <class T>
concept Worded = requires(T value) { words(value); };

template <Worded T>
constexpr auto to_word(T value) -> std::string_view {
  const auto index = static_cast<std::size_t>(value);
  return index < words(value).size() ? words(value)[index] : std::string_view{"?"};
}

}  // namespace flow::ir
