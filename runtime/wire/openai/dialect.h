#pragma once
// The dialect of the OpenAI Realtime API (GA): also what the simulated service and OpenAI's deployments on Azure speak.

#include <memory>

#include "runtime/wire/dialect.h"

namespace flow::wire::openai {

auto make_dialect(const LinkSetup& setup) -> std::unique_ptr<Dialect>;

}  // namespace flow::wire::openai
