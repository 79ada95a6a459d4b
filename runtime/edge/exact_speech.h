#pragma once
// Lines that must be exact, spoken by a voice service of the flow's choice instead of by the model. To the session each is
// a response like any other, of which the conversation's service knows nothing.

#include <memory>
#include <string>

#include "runtime/edge/call.h"
#include "runtime/wire/dialect.h"

namespace flow::edge {

class ExactSpeech : public std::enable_shared_from_this<ExactSpeech> {
 public:
  // Told on the loop, never from inside `speak` and `stop`.
  class Owner : public wire::AudioSink {
   public:
    virtual void happened(core::Event event) = 0;
  };

  // `setup.speak` is there. Owner and setup outlive it or its `close`.
  ExactSpeech(Owner& owner, const CallSetup& setup, core::Epoch epoch, Id<ir::Service> service);
  ~ExactSpeech();

  // `order.line` is not empty. `instead`: the service is silent or refuses, and nothing of the line was heard.
  void speak(const core::CreateResponse& order, net::Task instead);
  // False: this response is not one of these.
  auto stop(core::ResponseId response) -> bool;
  // Nothing is told any more.
  void close() { line_.reset(); }

 private:
  struct Line;

  // From inside `tell` the line may be given up: false then.
  auto tell(const std::shared_ptr<Line>& line, core::Event event) -> bool;
  auto begin(const std::shared_ptr<Line>& line) -> bool;
  void came(const std::shared_ptr<Line>& line, std::string_view piece);
  void ended(const std::shared_ptr<Line>& line, const Result<void>& how);

  Owner& owner_;
  const CallSetup& setup_;
  core::Epoch epoch_;
  Id<ir::Service> service_;
  std::uint32_t lines_ = 0;
  std::shared_ptr<Line> line_;  // the one mouth says one at a time
};

}  // namespace flow::edge
