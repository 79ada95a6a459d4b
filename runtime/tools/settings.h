#pragma once
// What a program's services need of the place where it runs: addresses and secrets, looked up once, before a call.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/ir/ir.h"

namespace flow::tools {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

class Settings {
 public:
  // Looks up what the program's tools need. R0215 names everything that is missing at once; R0107 an address that is
  // none, or that a key may not be sent to.
  static auto look_up(const ir::Program& program, const Environment& environment) -> Result<Settings>;

  auto text(const ir::Setting& setting) const -> std::string;
  auto secret(const std::string& name) const -> std::string;
  // All values that came from `secret(…)`: to be blotted out of whatever is shown.
  auto secrets() const -> std::vector<std::string>;

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::string> secret_names_;
};

}  // namespace flow::tools
