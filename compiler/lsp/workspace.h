#pragma once
// What an editor has open and what the compiler says about it: documents in, answers out. Pure but for the two functions
// that it is given to look at files; knows no protocol. One thread.
//
//   Workspace work{{.read = …}};
//   work.open("/w/support.flow", text);
//   work.change("/w/support.flow", {{.range = …, .text = "x"}});
//   for (const auto& message : work.messages("/w/support.flow")) …
//
// Paths are absolute. An answer about a file is given by the programs that the file belongs to: those that import it, or
// itself alone. It stays good until one of the files that were read changes. A declaration that did not change is not
// parsed again; names, types and the review are asked anew, which is quick.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/lsp/analysis.h"
#include "compiler/parse/reparse.h"

namespace flow::lsp {

struct WorkspaceOptions {
  // Files that are not open: their text, and a number that is another one when the text is (no number: it is gone).
  std::function<Result<std::string>(const std::string& path)> read = check::read_from_disk;
  std::function<std::uint64_t(const std::string& path)> stamp = {};
  // Where modules of the library can be looked at; a definition in `std.policies` is in `<folder>/std/policies.flow`.
  std::string standard_folder = "/std-of-flowc";
  Encoding encoding = Encoding::Utf16;
};

class Workspace {
 public:
  explicit Workspace(WorkspaceOptions options) : options_(std::move(options)) {}

  // More files of the program are not read, however many there are.
  static constexpr std::size_t FilesMax = 5000;
  // A file that more import is asked about as the nearest of them see it.
  static constexpr std::size_t RootsMax = 200;

  void use(Encoding encoding) { options_.encoding = encoding; }
  // The flows of the editor's folders, open or not.
  void set_files(const std::vector<std::string>& paths);
  void open(const std::string& path, std::string text);
  // False: it is not open.
  auto change(const std::string& path, const std::vector<Change>& changes) -> bool;
  void close(const std::string& path);
  auto is_open(const std::string& path) const -> bool { return documents_.contains(path); }
  auto open_files() const -> std::vector<std::string>;
  auto text(const std::string& path) const -> const std::string*;  // of an open one

  // Everything there is to say about a file, as `flowc check` says it.
  auto messages(const std::string& path) -> std::vector<Message>;
  // Open files whose messages a change of this one may have changed; not itself.
  auto others_of(const std::string& path) -> std::vector<std::string>;

  auto hover(const std::string& path, Position at) -> std::optional<Hover>;
  auto completions(const std::string& path, Position at) -> Completions;
  auto definition(const std::string& path, Position at) -> std::vector<Location>;
  auto references(const std::string& path, Position at, bool with_declaration) -> std::vector<Location>;
  // The name that would be renamed, or why none.
  auto rename_range(const std::string& path, Position at) -> Result<Range>;
  // All edits, or why not: the name is taken, would mean something else, or is no name.
  auto rename(const std::string& path, Position at, const std::string& name) -> Result<std::vector<TextEdit>>;
  // Fixes of messages that meet the range, and one that makes all of the file.
  auto actions(const std::string& path, Range range) -> std::vector<CodeAction>;
  auto outline(const std::string& path) -> std::vector<Outline>;
  // Declarations of all files whose name holds the query's letters in their order.
  auto symbols(const std::string& query) -> std::vector<std::pair<Outline, std::string>>;
  auto colours(const std::string& path) -> std::vector<Coloured>;
  auto folds(const std::string& path) -> std::vector<Fold>;
  auto hints(const std::string& path, Range within) -> std::vector<Hint>;
  auto lenses(const std::string& path) -> std::vector<Lens>;
  // The edit that lays the file out; none if it is, or has errors of syntax.
  auto format(const std::string& path) -> std::vector<TextEdit>;
  // The picture of the flow that the file is, or belongs to: `html` or `svg`. With errors in it the last good one.
  auto graph(const std::string& path, const std::string& form) -> Result<std::string>;

  // How many declarations were parsed since the workspace was made.
  auto parsed() const -> std::size_t { return parsed_; }

 private:
  struct Document {
    std::string text;
    std::uint64_t changed = 0;  // the moment
  };
  struct Known {
    std::shared_ptr<const Analysis> analysis;
    std::map<std::string, std::uint64_t> files;  // that were read, with their stamps
    std::vector<std::string> roots;
  };

  auto text_of(const std::string& path) const -> Result<std::string>;
  auto stamp_of(const std::string& path) const -> std::uint64_t;
  auto load_options(std::map<std::string, std::uint64_t>* files) -> check::LoadOptions;
  auto compile(const std::vector<std::string>& roots, std::map<std::string, std::uint64_t>* files) -> std::shared_ptr<Analysis>;
  auto analysis(const std::string& path) -> const Analysis&;
  // The file, and everything that imports it.
  auto roots_of(const std::string& path) const -> std::vector<std::string>;
  void note_imports(const std::string& path, const std::string& text, std::uint64_t stamp);
  auto spot(const std::string& path, Position at) -> std::optional<Spot>;
  auto location(const Analysis& analysis, Span at) const -> Location;
  auto path_of(const Analysis& analysis, FileId file) const -> std::string;
  auto module_of(const Analysis& analysis, const std::string& path) const -> const check::Module*;
  auto is_standard(const std::string& path) const -> bool;
  auto occurrence(const std::string& path, Position at) -> const Occurrence*;
  // Where the thing is named, as seen from the file that declares it.
  auto named(const Thing& thing, const std::string& declared_in) -> std::vector<const Occurrence*>;
  auto lua_edits(const Thing& thing, const std::string& path, const std::string& name) -> std::vector<TextEdit>;
  auto edits_of(const Analysis& analysis, const std::vector<diag::Edit>& edits) const -> std::vector<TextEdit>;

  WorkspaceOptions options_;
  std::map<std::string, Document> documents_;
  std::set<std::string> files_;
  std::map<std::string, Known> known_;
  std::map<std::string, parse::Reparser> reparsers_;
  struct Imports {
    std::uint64_t stamp = 0;
    std::set<std::string> paths;
  };
  std::map<std::string, Imports> imports_;
  std::map<std::string, std::set<std::string>> importers_;  // the same the other way round
  std::map<std::string, std::string> overlay_;              // texts that are only tried
  std::uint64_t now_ = 1;
  std::size_t parsed_ = 0;
};

}  // namespace flow::lsp
