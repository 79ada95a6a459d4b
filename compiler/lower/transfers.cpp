#include "compiler/lower/transfers.h"

#include <array>
#include <cctype>

#include "compiler/ir/words.h"
#include "compiler/lower/actions.h"

namespace flow::lower {
namespace {

using check::Args;

auto is_digit(char c) -> bool { return c >= '0' && c <= '9'; }

// E.164, as telephone systems take it: no blanks, no brackets, the country first.
auto is_number(std::string_view text) -> bool {
  if (!text.starts_with('+') || text.size() < 8 || text.size() > 16 || text[1] == '0') return false;
  return std::all_of(text.begin() + 1, text.end(), is_digit);
}

// RFC 3261 as far as it is written by people: sip:name@host, a port and parameters may follow.
auto is_sip(std::string_view text) -> bool {
  const auto scheme = text.starts_with("sips:") ? std::size_t{5} : text.starts_with("sip:") ? std::size_t{4} : std::size_t{0};
  if (scheme == 0) return false;
  const auto rest = text.substr(scheme);
  const auto at = rest.find('@');
  if (at == 0 || at == rest.npos || at + 1 == rest.size() || rest.find('@', at + 1) != rest.npos) return false;
  const auto host_ends = rest.substr(at + 1).find_first_of(":;?");
  if (host_ends == 0) return false;
  return std::ranges::all_of(rest, [](char c) { return std::isgraph(static_cast<unsigned char>(c)) != 0 && c != '"' && c != '<' && c != '>'; });
}

auto is_queue(std::string_view text) -> bool {
  constexpr std::size_t LongestName = 64;
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= LongestName && std::ranges::all_of(text, fits);
}

struct Place {
  ir::Transfer::To to;
  const char* what;
  bool (*fits)(std::string_view);
};
constexpr std::array Places{
    Place{ir::Transfer::To::Phone, "phone number such as `+15550100`: `+`, the country, the number, digits only", is_number},
    Place{ir::Transfer::To::Sip, "SIP address such as `sip:desk@example.com`", is_sip},
    Place{ir::Transfer::To::Queue, "name of a queue such as `claims`: letters, digits, `.`, `-` and `_`", is_queue},
};

void destination(Context& context, const ast::Clause& clause, ir::Transfer& row) {
  for (const auto& place : Places) {
    Args args{clause};
    const auto address = args.call(ir::to_word(place.to));
    if (!address) continue;
    row.to = place.to;
    row.address = *address;
    if (!place.fits(*address)) context.report().add(clause.args[0].value.at, diag::BadDestination, diag::Text{*address}, diag::Text{place.what});
  }
}

auto filled(Context& context, const ast::TransferDecl& source) -> ir::Transfer {
  ir::Transfer row{.name = source.name.text, .doc = source.doc.text};
  row.declared_at = source.name.at;
  const auto clause = [&](std::string_view name) { return check::clause(source.block, name); };
  Expressions names{context};
  if (const auto* to = clause("to")) destination(context, *to, row);
  if (const auto* mode = clause("mode")) {
    for (const auto each : {ir::Transfer::Mode::Warm, ir::Transfer::Mode::Cold, ir::Transfer::Mode::Blind}) {
      if (Args{*mode}.word(ir::to_word(each))) row.mode = each;
    }
  }
  const auto line = [&](std::string_view name) -> std::optional<ir::Line> {
    const auto* said = clause(name);
    const auto words = said ? Args{*said}.line() : std::nullopt;
    return words ? std::optional{names.line(*words)} : std::nullopt;
  };
  row.say = line("say");
  row.brief = line("brief");
  if (row.brief && row.mode != ir::Transfer::Mode::Warm) context.report().add(clause("brief")->at, diag::NobodyIsTold, diag::Name{std::string{ir::to_word(row.mode)}});
  if (const auto* timeout = clause("timeout")) {
    row.timeout = Args{*timeout}.duration().value_or(row.timeout);
    if (row.timeout < ir::Millis{1'000} || row.timeout > ir::Millis{600'000}) context.report().add(timeout->at, diag::OutOfRange, diag::Name{"timeout"}, diag::Text{"1s to 10m"});
  }
  if (const auto* fails = clause("fails")) row.fails.actions = lower_actions(names, fails->actions);
  return row;
}

}  // namespace

void declare_transfers(Context& context) {
  for (const auto* module : context.modules) {
    for (const auto& transfer : module->tree.transfers) {
      if (transfer.name.missing()) continue;
      const auto same = [&](const auto& row) { return row.name == transfer.name.text; };
      if (std::ranges::any_of(context.program.transfers, same) || std::ranges::any_of(context.program.agents, same)) {
        if (!context.report().has_error_in(transfer.name.at)) context.report().add(transfer.name.at, diag::DuplicateName, diag::Kind{"transfer"}, diag::Name{transfer.name.text});
        continue;
      }
      context.transfers[&transfer] = context.program.transfers.add({.name = transfer.name.text});
    }
  }
}

void lower_transfers(Context& context) {
  for (const auto& [source, row] : context.transfers) context.program.transfers[row] = filled(context, *source);
}

namespace {

// Only a line has a sound of its own, and tones in it.
void refuse_at_microphone(Context& context, const ast::Clause& clause, std::string_view instead) {
  const auto& value = clause.args[0].value;
  const auto name = clause.name.text + " ";
  context.report().add(value.at, diag::NoLine, diag::Name{name + std::string{instead}}, diag::Name{name + std::string{value.word()}}).fix(value.at, std::string{instead});
}

void sound_and_keys(Context& context, const ast::Block& block, ir::Channel& row) {
  const bool line = row.kind != ir::Channel::Kind::Microphone;
  if (const auto* audio = check::clause(block, "audio"); audio && !audio->args.empty()) {
    for (const auto each : {ir::AudioFormat::Pcm16, ir::AudioFormat::Mulaw, ir::AudioFormat::Alaw}) {
      if (Args{*audio}.word(ir::to_word(each))) row.audio = each;
    }
    if (!line && row.audio && row.audio != ir::AudioFormat::Pcm16) refuse_at_microphone(context, *audio, "pcm16");
  }
  if (const auto* keys = check::clause(block, "dtmf"); keys && !keys->args.empty()) {
    for (const auto each : {ir::Channel::Keys::Inband, ir::Channel::Keys::None}) {
      if (Args{*keys}.word(ir::to_word(each))) row.keys = each;
    }
    if (!line && row.keys == ir::Channel::Keys::Inband) refuse_at_microphone(context, *keys, "events");
  }
}

}  // namespace

void lower_channels(Context& context) {
  constexpr std::array Kinds{ir::Channel::Kind::Phone, ir::Channel::Kind::Browser, ir::Channel::Kind::Microphone};
  for (const auto* module : context.modules) {
    for (const auto& source : module->tree.channels) {
      if (source.name.missing()) continue;
      ir::Channel row{.name = fresh_name(context.program.channels, source.name.text), .doc = source.doc.text, .address = {}, .declared_at = source.name.at};
      const ast::Clause* place = nullptr;
      for (const auto kind : Kinds) {
        const auto* clause = check::clause(source.block, ir::to_word(kind));
        if (!clause) continue;
        if (place) context.report().add(clause->name.at, diag::SecondChannelKind, diag::Name{source.name.text}, diag::Name{clause->name.text}).note(place->name.at, "the first is here");
        if (place) continue;
        place = clause;
        row.kind = kind;
        row.address = Args{*clause}.constant().value_or("");
        if (kind == ir::Channel::Kind::Phone && !is_number(row.address) && !clause->args.empty()) {
          context.report().add(clause->args[0].value.at, diag::BadDestination, diag::Text{row.address}, diag::Text{Places[0].what});
        }
      }
      if (!place && !context.report().has_error_in(source.at)) context.report().add(source.name.at, diag::NoChannelKind, diag::Name{source.name.text});
      if (const auto* active = check::clause(source.block, "active")) row.active = Args{*active}.word("yes");
      if (const auto* headset = check::clause(source.block, "headset")) row.headset = Args{*headset}.word("yes");
      if (place) sound_and_keys(context, source.block, row);
      context.program.channels.add(std::move(row));
    }
  }
}

}  // namespace flow::lower
