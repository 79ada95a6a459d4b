#pragma once
// What the compiler has to say about a program: typed messages from one list (diag.def), collected in a report.
// A text whose holes `{}` do not match its arguments does not compile, nor does an argument of the wrong kind.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "compiler/base/span.h"

namespace flow::diag {

enum class Severity { Error, Warning };

// Kinds of arguments. JSON gives each as data under its kind's name.
struct Name {
  std::string text;
};  // as the source writes it
struct Kind {
  std::string text;
};  // "agent", "tool"
struct Text {
  std::string text;
};  // words of ours
struct Count {
  std::int64_t n = 0;
};

struct Argument {
  std::string_view kind;
  std::string text;
};
inline auto argument(Name a) -> Argument { return {"name", std::move(a.text)}; }
inline auto argument(Kind a) -> Argument { return {"kind", std::move(a.text)}; }
inline auto argument(Text a) -> Argument { return {"text", std::move(a.text)}; }
inline auto argument(Count a) -> Argument { return {"count", std::to_string(a.n)}; }

// `{}` takes the next argument; `{{` and `}}` are braces.
template <class... Args>
struct Message {
  std::string_view code;
  Severity severity;
  std::string_view name;
  std::string_view text;

  consteval Message(std::string_view code_, Severity severity_, std::string_view name_, std::string_view text_)
      : code(code_), severity(severity_), name(name_), text(text_) {
    std::size_t holes = 0;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (text_[at] != '{' && text_[at] != '}') continue;
      if (at + 1 == text_.size()) throw "a brace alone at the end of a text";
      if (text_[at] == '{' && text_[at + 1] == '}')
        ++holes;
      else if (text_[at + 1] != text_[at])
        throw "a brace is written twice";
      ++at;
    }
    if (holes != sizeof...(Args)) throw "one {} is needed for each argument";
  }
};

#define FLOW_DIAG(code, severity, name, text, ...) \
  inline constexpr Message<__VA_ARGS__> name{#code, Severity::severity, #name, text};
#include "compiler/diag/diag.def"
#undef FLOW_DIAG

// A line of diag.def, for whoever lists them all.
struct Entry {
  std::string_view code;
  Severity severity;
  std::string_view name;
  std::string_view text;
};
auto all_entries() -> const std::vector<Entry>&;

// A place that explains; never itself an error.
struct Note {
  Span at;
  std::string text;
};
// Replaces the bytes of `at`; an empty span inserts.
struct Edit {
  Span at;
  std::string text;
};

struct Diagnostic {
  std::string_view code;
  Severity severity = Severity::Error;
  std::string_view name;
  std::string text;  // the message with its arguments
  std::vector<Argument> args;
  Span at;  // the narrowest place that is wrong
  std::vector<Note> notes;
  std::vector<Edit> fix;  // edits that belong together; empty: we cannot guess
};

class Report;

// A diagnostic just added, to hang notes and a fix on.
class Added {
 public:
  // With `Unheard` for what is not kept.
  static constexpr std::size_t Unheard = static_cast<std::size_t>(-1);
  Added(Report& report, std::size_t index) : report_(&report), index_(index) {}
  auto note(Span at, std::string text) -> Added&;
  auto fix(Span at, std::string replacement) -> Added&;

 private:
  Report* report_;
  std::size_t index_;
};

// Keeps what was said in the order of the checks; the same message about the same place is kept once.
class Report {
 public:
  // More errors, or more warnings, are not kept: nobody reads them, and a file of nothing but mistakes must not cost
  // more.
  static constexpr std::size_t KeptMax = 1000;

  template <class... Args>
  auto add(Span at, const Message<Args...>& message, std::type_identity_t<Args>... args) -> Added {
    return add({message.code, message.severity, message.name, message.text}, at, {argument(std::move(args))...});
  }

  auto all() const& -> const std::vector<Diagnostic>& { return diagnostics_; }
  auto all() const&& -> const std::vector<Diagnostic>& = delete;  // would not outlive the report
  // Ordered by file and place.
  auto sorted() const -> std::vector<Diagnostic>;
  auto has_errors() const -> bool { return errors_ > 0; }
  auto errors() const -> std::size_t { return errors_; }
  auto warnings() const -> std::size_t { return diagnostics_.size() - errors_; }
  auto has(std::string_view code) const -> bool;
  // From now on nothing is said about places that begin within `at`: an error there explains whatever else is wrong.
  void silence(Span at) { silent_.push_back(at); }
  // Whether an error lies within `at`: what follows from it need not be said.
  auto has_error_in(Span at) const -> bool;
  auto has_error_in(FileId file) const -> bool;
  void append(const Report& other);
  // One that was said elsewhere.
  void append(Diagnostic said);
  // Weighs what was said once more: each message gets the severity that `weight` gives, or is forgotten.
  using Weight = std::function<std::optional<Severity>(const Diagnostic&)>;
  void weigh(const Weight& weight);

 private:
  friend class Added;
  auto add(Entry entry, Span at, std::vector<Argument> args) -> Added;

  std::vector<Diagnostic> diagnostics_;
  std::vector<Span> silent_;
  std::size_t errors_ = 0;
};

}  // namespace flow::diag
