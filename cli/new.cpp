#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <span>

#include "cli/commands.h"
#include "cli/files.h"
#include "compiler/base/embedded.h"

namespace flow::cli {

auto template_files() -> std::span<const EmbeddedFile>;  // generated from templates/**
auto support_files() -> std::span<const EmbeddedFile>;   // generated from flows/support/**

namespace {

namespace fs = std::filesystem;

auto is_name(const std::string& text) -> bool {
  const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; };
  static constexpr std::array<std::string_view, 9> Reserved{"if", "else", "and", "or", "not", "in", "true", "false", "none"};
  return !text.empty() && letter(text[0]) && std::ranges::all_of(text, [&](char c) { return letter(c) || std::isdigit(static_cast<unsigned char>(c)); }) &&
         std::ranges::find(Reserved, text) == Reserved.end();
}

auto replaced(std::string text, const std::string& what, const std::string& with) -> std::string {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += with.size()) text.replace(at, what.size(), with);
  return text;
}

struct File {
  std::string name, text;
};

// The files of a template below the folder of the flow.
auto files_of(const New& created) -> std::vector<File> {
  std::vector<File> out;
  const bool support = created.kind == "support";
  const auto folder = support ? std::string{} : created.kind + "/";
  for (const auto& file : support ? support_files() : template_files()) {
    if (!file.name.starts_with(folder)) continue;
    auto name = std::string{file.name.substr(folder.size())};
    if (name.starts_with(created.kind + ".") && name.ends_with(".flow")) name.replace(0, created.kind.size(), created.name);
    auto text = replaced(std::string{file.text}, "@NAME@", created.name);
    if (support) {
      text = replaced(replaced(std::move(text), "flow support {", "flow " + created.name + " {"), "flows/support/support.flow", created.name + "/" + created.name + ".flow");
      for (const char quote : {'`', '"'}) text = replaced(std::move(text), quote + std::string{"support.flow"} + quote, quote + created.name + ".flow" + quote);
      text = replaced(std::move(text), "support.test.flow", created.name + ".test.flow");
      text = replaced(std::move(text), "# support:", "# " + created.name + ":");
    }
    out.push_back({std::move(name), std::move(text)});
  }
  return out;
}

auto refuse(const Console& console, const Error& error, int code) -> int {
  console.fail(error);
  return code;
}

}  // namespace

auto perform(const New& created, const Console& console) -> int {
  if (!is_name(created.name)) return refuse(console, {"R0503", fmt::format("`{}` cannot be the name of a flow", created.name), "a name begins with a letter and has letters, digits and `_`"}, 2);
  std::error_code error;
  if (fs::exists(created.name, error)) return refuse(console, {"R0504", fmt::format("{} is there already", created.name), "choose another name, or another folder to be in"}, 1);
  for (const auto& file : files_of(created)) {
    const auto path = fs::path{created.name} / file.name;
    fs::create_directories(path.parent_path(), error);
    if (const auto written = write_file(path.string(), file.text); !written) return refuse(console, written.error(), 1);
    if (!console.quiet) console.print(fmt::format("{}\n", path.string()));
  }
  if (!console.quiet) console.print(fmt::format("\nTry it:\n  flowc run {0}/{0}.flow\n  flowc run {0}/{0}.flow --play\n  flowc check {0}\n  flowc test {0}\n", created.name));
  return 0;
}

}  // namespace flow::cli
