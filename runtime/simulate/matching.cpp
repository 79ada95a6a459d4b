#include "runtime/simulate/matching.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "runtime/simulate/words.h"

namespace flow::simulate {
namespace {

// How much one word of the caller's is worth by where the tool has it.
constexpr double InName = 1.5;
constexpr double InDescription = 1.0;
constexpr double InParameters = 0.5;
constexpr double LikeExample = 4.0;   // times how alike, from 0 to 1
constexpr double AlikeMin = 0.5;      // less than half alike is not alike
constexpr double NameSaid = 4.0;      // "use the lookup_order tool"

constexpr std::string_view ExamplesMark = "Examples:";

struct Profile {
  std::map<std::string, double> worth;  // by stem
  std::vector<std::vector<std::string>> examples;
};

void add(Profile& profile, std::string_view text, double worth) {
  for (const auto& stem : stems(text)) {
    auto& known = profile.worth[stem];
    known = std::max(known, worth);
  }
}

// `"what did I order", "my orders"`, or one a line, or separated by semicolons.
auto split_examples(std::string_view text) -> std::vector<std::string> {
  std::vector<std::string> found;
  const bool quoted = text.find('"') != text.npos;
  const std::string_view marks = quoted ? "\"" : ";|\n";
  bool inside = !quoted;
  while (!text.empty()) {
    const auto end = std::min(text.size(), text.find_first_of(marks));
    if (inside && !trimmed(text.substr(0, end)).empty()) found.emplace_back(trimmed(text.substr(0, end)));
    if (quoted) inside = !inside;
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return found;
}

auto profile_of(const Tool& tool) -> Profile {
  Profile profile;
  const std::string_view whole = tool.description;
  const auto mark = whole.find(ExamplesMark);
  add(profile, whole.substr(0, mark), InDescription);
  if (mark != whole.npos) {
    for (const auto& example : split_examples(whole.substr(mark + ExamplesMark.size()))) profile.examples.push_back(stems(example));
  }
  if (const auto* properties = tool.parameters.field("properties"); properties != nullptr && properties->record() != nullptr) {
    for (const auto& [name, schema] : *properties->record()) {
      add(profile, name, InParameters);
      const auto* text = schema.field("description");
      if (text != nullptr && text->text() != nullptr) add(profile, *text->text(), InParameters);
    }
  }
  add(profile, tool.name, InName);
  return profile;
}

// The cosine of two sets of stems.
auto alike(const std::vector<std::string>& a, const std::vector<std::string>& b) -> double {
  if (a.empty() || b.empty()) return 0;
  const auto common = std::count_if(a.begin(), a.end(), [&](const auto& stem) { return std::find(b.begin(), b.end(), stem) != b.end(); });
  return static_cast<double>(common) / std::sqrt(static_cast<double>(a.size() * b.size()));
}

auto says_name(std::string_view said, const std::string& name) -> bool {
  return name.find('_') != name.npos && lower(said).find(lower(name)) != std::string::npos;
}

auto score(const Profile& profile, const std::map<std::string, int>& owners, const std::vector<std::string>& said) -> double {
  double sum = 0;
  for (const auto& stem : said) {
    const auto known = profile.worth.find(stem);
    if (known == profile.worth.end()) continue;
    sum += known->second / std::sqrt(static_cast<double>(owners.at(stem)));
  }
  double closest = 0;
  for (const auto& example : profile.examples) closest = std::max(closest, alike(said, example));
  return closest < AlikeMin ? sum : sum + LikeExample * closest;
}

}  // namespace

auto best_fit(const std::vector<Tool>& tools, std::string_view said) -> Fit {
  std::vector<Profile> profiles;
  std::map<std::string, int> owners;
  for (const auto& tool : tools) {
    profiles.push_back(profile_of(tool));
    for (const auto& [stem, worth] : profiles.back().worth) owners[stem] += 1;
  }
  const auto meant = stems(said);
  Fit best;
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const double points = score(profiles[i], owners, meant) + (says_name(said, tools[i].name) ? NameSaid : 0);
    if (best.tool == nullptr || points > best.score) best = {&tools[i], points};
  }
  return best;
}

}  // namespace flow::simulate
