#pragma once
// The contract's structs, described once, for whoever must visit every field: the text form in both directions and
// verify. A visitor has three ways to be called:
//
//   visit("name", value)        a value; an id must point into its table
//   visit.maybe("name", id)     an id that may point nowhere
//   visit.flag("name", bool)    false unless written
//
// Structs whose `kind` says which other fields count (types, expressions, templates, lines, actions, targets, patterns,
// triggers) are not here: their visitors know them.

#include <concepts>
#include <type_traits>

#include "compiler/ir/ir.h"

namespace flow::ir {

template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

void fields(auto& visit, Like<Enum> auto& e) {
  visit("name", e.name);
  visit("values", e.values);
}

void fields(auto& visit, Like<Field> auto& f) {
  visit("name", f.name);
  visit("type", f.type);
  visit("doc", f.doc);
  visit.flag("pii", f.pii);
  visit.maybe("fallback", f.fallback);
}

void fields(auto& visit, Like<Record> auto& r) {
  visit("name", r.name);
  visit("fields", r.fields);
}

void fields(auto& visit, Like<StateField> auto& f) {
  visit("name", f.name);
  visit("type", f.type);
  visit.flag("pii", f.pii);
  visit("extract", f.extract);
  visit.maybe("initial", f.initial);
  visit("kept_for", f.kept_for);
  visit.maybe("kept_by", f.kept_by);
}

void fields(auto& visit, Like<Handler> auto& h) {
  visit.maybe("agent", h.agent);
  visit("on", h.on);
  visit.maybe("guard", h.guard);
  visit("actions", h.actions);
  visit("declared_at", h.declared_at);
}

void fields(auto& visit, Like<Handoff> auto& h) {
  visit.maybe("from", h.from);
  visit("target", h.target);
  visit("trigger", h.trigger);
  visit.maybe("guard", h.guard);
  visit("carry", h.carry);
  visit("history", h.history);
  visit("history_turns", h.history_turns);
  visit("switch_when", h.switch_when);
  visit("say", h.say);
  visit("function", h.function);
  visit("schema", h.schema);
  visit("declared_at", h.declared_at);
}

void fields(auto& visit, Like<Policy> auto& p) {
  visit("name", p.name);
  visit("mode", p.mode);
  visit("ack", p.ack);
  visit("ack_after", p.ack_after);
  visit("progress", p.progress);
  visit("progress_every", p.progress_every);
  visit("progress_line", p.progress_line);
  visit("deliver", p.deliver);
  visit("grace", p.grace);
  visit("escalate_to", p.escalate_to);
  visit("escalate_after", p.escalate_after);
  visit("while_caller_speaks", p.while_caller_speaks);
  visit("override_after", p.override_after);
  visit("announce", p.announce);
  visit("read", p.read);
  visit("read_words", p.read_words);
  visit("coalesce_window", p.coalesce_window);
  visit("coalesce_max", p.coalesce_max);
  visit("priority", p.priority);
  visit.flag("supersedes", p.supersedes);
  visit("supersedes_by", p.supersedes_by);
  visit("heard_percent", p.heard_percent);
  visit("if_interrupted", p.if_interrupted);
  visit("interrupted_retries", p.interrupted_retries);
  visit("interrupted_then", p.interrupted_then);
  visit("duplicates", p.duplicates);
  visit("duplicates_within", p.duplicates_within);
  visit("duplicates_by", p.duplicates_by);
  visit("concurrency", p.concurrency);
  visit("concurrency_else", p.concurrency_else.actions);
  visit("timeout", p.timeout);
  visit("timeout_else", p.timeout_else.actions);
  visit("retries", p.retries);
  visit("retry_min", p.retry_min);
  visit("retry_max", p.retry_max);
  visit("retry_on", p.retry_on);
  visit("fails_to_handler", p.fails_to_handler);
  visit("fails", p.fails.actions);
  visit("expires", p.expires);
  visit("expires_else", p.expires_else.actions);
  visit("on_handoff", p.on_handoff);
  visit("on_hangup", p.on_hangup);
  visit("cancel", p.cancel);
}

void fields(auto& visit, Like<Setting> auto& s) {
  visit("from", s.from);
  visit("text", s.text);
}

void fields(auto& visit, Like<Header> auto& h) {
  visit("name", h.name);
  visit("value", h.value);
}

void fields(auto& visit, Like<Auth> auto& a) {
  visit("kind", a.kind);
  visit("header", a.header);
  visit("secret", a.secret);
  visit("provider", a.provider);
  visit("token_url", a.token_url);
  visit("client", a.client);
  visit("client_secret", a.client_secret);
  visit("refresh", a.refresh);
  visit("scopes", a.scopes);
}

void fields(auto& visit, Like<Service> auto& s) {
  visit("name", s.name);
  visit("kind", s.kind);
  visit("at", s.at);
  visit("command", s.command);
  visit("env", s.env);
  visit("auth", s.auth);
  visit("declared_at", s.declared_at);
}

void fields(auto& visit, Like<Work> auto& w) {
  visit.maybe("service", w.service);
  visit("method", w.method);
  visit("text", w.text);
  visit("headers", w.headers);
  visit.maybe("content", w.content);
  visit("name", w.name);
  visit("command", w.command);
  visit("folder", w.folder);
  visit("url", w.url);
  visit("key", w.key);
  visit("model", w.model);
  visit("poll_min", w.poll_min);
  visit("poll_max", w.poll_max);
}

void fields(auto& visit, Like<Tool> auto& t) {
  visit("name", t.name);
  visit("doc", t.doc);
  visit("params", t.params);
  visit("schema", t.schema);
  visit.maybe("result", t.result);
  visit("effects", t.effects);
  visit("body", t.body);
  visit("lua_file", t.lua_file);
  visit("lua_source", t.lua_source);
  visit("work", t.work);
  visit("policy", t.policy);
  visit.maybe("available_if", t.available_if);
  visit("confirm", t.confirm);
  visit("idempotency_key", t.idempotency_key);
  visit("examples", t.examples);
  visit("sets", t.sets);
  visit("env", t.env);
  visit.maybe("compensate", t.compensate);
  visit("declared_at", t.declared_at);
}

void fields(auto& visit, Like<FormField> auto& f) {
  visit("name", f.name);
  visit("type", f.type);
  visit("doc", f.doc);
  visit.flag("pii", f.pii);
  visit.maybe("fallback", f.fallback);
  visit("ask", f.ask);
  visit.maybe("check", f.check);
  visit.maybe("check_tool", f.check_tool);
  visit("check_args", f.check_args);
  visit("rejected", f.rejected);
  visit("keys_min", f.keys_min);
  visit("keys_max", f.keys_max);
  visit("keys_until", f.keys_until);
}

void fields(auto& visit, Like<Form> auto& f) {
  visit("name", f.name);
  visit("doc", f.doc);
  visit("agent", f.agent);
  visit("fields", f.fields);
  visit("tries", f.tries);
  visit("tries_else", f.tries_else);
  visit("confirm", f.confirm);
  visit.maybe("submit", f.submit);
  visit("submit_args", f.submit_args);
  visit("function", f.function);
  visit("schema", f.schema);
  visit("declared_at", f.declared_at);
}

void fields(auto& visit, Like<TurnDetection> auto& t) {
  visit("kind", t.kind);
  visit("threshold", t.threshold);
  visit("prefix", t.prefix);
  visit("silence", t.silence);
  visit("eagerness", t.eagerness);
}

void fields(auto& visit, Like<BargeIn> auto& b) {
  visit("after", b.after);
  visit("resume", b.resume);
  visit("backchannels", b.backchannels);
}

void fields(auto& visit, Like<Agent> auto& a) {
  visit("name", a.name);
  visit("doc", a.doc);
  visit("voice", a.voice);
  visit("instructions", a.instructions);
  visit("greet_first", a.greet_first);
  visit("greet_return", a.greet_return);
  visit("tools", a.tools);
  visit("turn_detection", a.turn_detection);
  visit("barge_in", a.barge_in);
  visit("max_output_tokens", a.max_output_tokens);
  visit("speed", a.speed);
  visit("temperature", a.temperature);
  visit.maybe("realtime", a.realtime);
  visit("declared_at", a.declared_at);
}

void fields(auto& visit, Like<Prices> auto& p) {
  visit("currency", p.currency);
  visit("text_in", p.text_in);
  visit("audio_in", p.audio_in);
  visit("cached_in", p.cached_in);
  visit("text_out", p.text_out);
  visit("audio_out", p.audio_out);
}

void fields(auto& visit, Like<Reconnect> auto& r) {
  visit("tries", r.tries);
  visit("first", r.first);
  visit("last", r.last);
}

void fields(auto& visit, Like<Realtime> auto& r) {
  visit("name", r.name);
  visit("provider", r.provider);
  visit("model", r.model);
  visit("url", r.url);
  visit("key_secret", r.key_secret);
  visit("turn_control", r.turn_control);
  visit("transcription", r.transcription);
  visit("noise_reduction", r.noise_reduction);
  visit("prices", r.prices);
  visit("url_env", r.url_env);
  visit.flag("echo_cancellation", r.echo_cancellation);
  visit("audio_in", r.audio_in);
  visit("audio_out", r.audio_out);
  visit("reconnect", r.reconnect);
  visit.maybe("exact_speech", r.exact_speech);
  visit.maybe("fallback", r.fallback);
}

void fields(auto& visit, Like<SpendingLimit> auto& b) {
  visit("most", b.most);
  visit("currency", b.currency);
  visit("per", b.per);
}

void fields(auto& visit, Like<Transfer> auto& t) {
  visit("name", t.name);
  visit("doc", t.doc);
  visit("to", t.to);
  visit("address", t.address);
  visit("mode", t.mode);
  visit("say", t.say);
  visit("brief", t.brief);
  visit("timeout", t.timeout);
  visit("fails", t.fails.actions);
  visit("declared_at", t.declared_at);
}

void fields(auto& visit, Like<Channel> auto& c) {
  visit("name", c.name);
  visit("doc", c.doc);
  visit("kind", c.kind);
  visit("address", c.address);
  visit("active", c.active);
  visit.flag("headset", c.headset);
  visit("audio", c.audio);
  visit("keys", c.keys);
  visit("declared_at", c.declared_at);
}

void fields(auto& visit, Like<Rule> auto& r) {
  visit("declaration", r.declaration);
  visit("text", r.text);
  visit("doc", r.doc);
  visit("kind", r.kind);
  visit("what", r.what);
  visit.maybe("unless", r.unless);
  visit("first", r.first);
  visit("most", r.most);
  visit("declared_at", r.declared_at);
}

// The program's own fields; `tables` has the rest.
void fields(auto& visit, Like<Program> auto& p) {
  visit("name", p.name);
  visit("edition", p.edition);
  visit("locale", p.locale);
  visit("instructions", p.instructions);
  visit("start", p.start);
  visit("realtime", p.realtime);
  visit("max_duration", p.max_duration);
  visit("dead_air", p.dead_air);
  visit("extract_schema", p.extract_schema);
  visit("max_cost", p.max_cost);
  visit("currency", p.currency);
  visit("budget", p.budget);
  visit("otlp", p.otlp);
  visit("files", p.files);
}

// `visit("row", table)` for every table, in the order of the text form.
void tables(auto&& visit, Like<Program> auto& p) {
  visit("type", p.types);
  visit("enum", p.enums);
  visit("record", p.records);
  visit("state", p.state);
  visit("policy", p.policies);
  visit("service", p.services);
  visit("tool", p.tools);
  visit("agent", p.agents);
  visit("form", p.forms);
  visit("handoff", p.handoffs);
  visit("handler", p.handlers);
  visit("realtime", p.realtimes);
  visit("rule", p.rules);
  visit("transfer", p.transfers);
  visit("channel", p.channels);
  visit("expr", p.exprs);
}

template <class T>
concept Described = requires(int& visit, T& value) { fields(visit, value); };

}  // namespace flow::ir
