#pragma once
// A recorded call told again, from its journal, to those who looked on while it happened.

#include <chrono>
#include <functional>
#include <span>
#include <string>

#include "compiler/base/result.h"
#include "compiler/ir/ir.h"
#include "runtime/edge/observer.h"
#include "runtime/store/replay.h"

namespace flow::cli {

struct RecordedCall {
  std::string journal;  // its text
  std::string started;  // wall time
  ir::Program program;
};

// R0502 if the file cannot be read, R0402 if it is no journal.
auto read_call(const std::string& path) -> Result<RecordedCall>;

struct Retold {
  store::Replayed replayed;
  std::chrono::duration<double> took{0};
};

// Runs the call through a session of its own; shows `observers` what happened, was ordered and was felt, and gives `hear`,
// if there is one, the sound. R0402 if the journal is damaged. A difference ends it: it is in the result.
auto retell(const RecordedCall& call, std::span<edge::Observer* const> observers, const store::Hear& hear = {}) -> Result<Retold>;

// R0403: where the call was told otherwise than it happened, if it was.
auto told_otherwise(const store::Replayed& replayed) -> std::optional<Error>;

}  // namespace flow::cli
