#include "tests/support/places.h"

namespace flow::test {

auto source_dir() -> std::string { return FLOW_SOURCE_DIR; }
auto binary_dir() -> std::string { return FLOW_BINARY_DIR; }

}  // namespace flow::test
