#pragma once
// One function a command, each in the file of its name. All return the exit code: 0 done, 1 the flow or the call failed,
// 2 wrong usage.

#include "cli/command_line.h"
#include "cli/console.h"

namespace flow::cli {

auto perform(const Show& show, const Console& console) -> int;
auto perform(const Check& check, const Console& console) -> int;
auto perform(const Fmt& fmt, const Console& console) -> int;
auto perform(const Fix& fix, const Console& console) -> int;
auto perform(const Policy& policy, const Console& console) -> int;
auto perform(const Graph& graph, const Console& console) -> int;
auto perform(const Docs& docs, const Console& console) -> int;
auto perform(const Diff& diff, const Console& console) -> int;
auto perform(const New& created, const Console& console) -> int;
auto perform(const Completions& completions, const Console& console) -> int;
auto perform(const Man& man, const Console& console) -> int;
auto perform(const Lsp& lsp, const Console& console) -> int;
auto perform(const Ir& ir, const Console& console) -> int;
auto perform(const Explain& explain, const Console& console) -> int;
auto perform(const Run& run, const Console& console) -> int;
auto perform(const Devices& asked, const Console& console) -> int;
auto perform(const Simulate& simulate, const Console& console) -> int;
auto perform(const Replay& replay, const Console& console) -> int;
auto perform(const Trace& trace, const Console& console) -> int;
auto perform(const Test& test, const Console& console) -> int;

}  // namespace flow::cli
