#include "cli/commands.h"
#include "cli/compiled.h"
#include "cli/conversation.h"
#include "runtime/tools/runner.h"

namespace flow::cli {
namespace {

auto prepared(const Run& run, const Console& console, ir::Program program) -> Result<std::unique_ptr<Conversation>> {
  auto connection = choose_connection(program, run, this_environment());
  if (!connection) return tl::unexpected(connection.error());
  auto files = call_files(run, time_for_names());
  if (!files) return tl::unexpected(files.error());
  auto conversation = std::make_unique<Conversation>(run, console, std::move(program), std::move(*connection), std::move(*files));
  return conversation->prepare().map([&] { return std::move(conversation); });
}

}  // namespace

// A flow with errors never starts; neither does one whose tools cannot be loaded.
auto perform(const Run& run, const Console& console) -> int {
  store::keep_last_words();
  auto program = compiled(run.flow, console, run.locale);
  if (!program) return 1;
  if (!run.locale.empty() && program->locale != run.locale) {
    console.fail({"R0503", "--locale " + run.locale + ": the flow has no texts in that language, and is written in " + program->locale});
    return 1;
  }
  const auto errors = tools::check_tools(*program);
  for (const auto& error : errors) console.fail(error);
  if (!errors.empty()) return 1;

  const auto conversation = prepared(run, console, std::move(*program));
  if (conversation) return (*conversation)->hold();
  console.fail(conversation.error());
  return 1;
}

}  // namespace flow::cli
