#pragma once
// Would it work on the phone? Asked of a program that means something: what `compiler/check` and `compiler/lower`
// refuse cannot be run, what is said here can be run and will disappoint somebody.

#include "compiler/review/subject.h"

namespace flow::review {

// Asks every question of checks.h. Says nothing about a program with errors: they explain whatever else is wrong. What
// this version cannot run (F0901) explains nothing, so such a program is reviewed.
void review(const Subject& subject, diag::Report& report);

// Whether the standard library's policies fill every cell, so that whoever inherits from them has an answer to every
// question. An error of the library, not of the user.
void standard_policies(const std::vector<const check::Module*>& modules, diag::Report& report);

}  // namespace flow::review
