#pragma once
// A text as it stands in the source, without its quotes and with single blanks: two places that say the same have the
// same key. By it a `locale` finds what it translates.

#include <string>

#include "compiler/ast/ast.h"
#include "compiler/base/source.h"

namespace flow::check {

auto text_key(const Sources& sources, const ast::Template& text) -> std::string;

}  // namespace flow::check
