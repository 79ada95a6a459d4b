#pragma once
// Keeps what must not be read out of what is.

#include <string>
#include <vector>

namespace flow::tools {

class Secrets {
 public:
  static constexpr std::size_t LengthMin = 4;  // shorter ones would blot out words

  void add(const std::string& secret);
  // Every secret in `text` becomes `[secret]`.
  auto blot(std::string text) const -> std::string;

 private:
  std::vector<std::string> all_;  // longest first, so that none is blotted in part
};

}  // namespace flow::tools
