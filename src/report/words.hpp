#pragma once

#include "report/reporter.hpp"

#include <string>
#include <string_view>

namespace slicetool::report {

/// The word that JSON documents use, and that sentences use after replacing `_` by a space:
/// "made_equal", "would_create", "scanning". Stable: they are part of the documented format.
std::string_view word(Phase phase);
std::string_view word(Severity severity);
std::string_view word(DifferenceKind kind);
std::string_view word(Outcome outcome);
std::string_view word(SchemaAction action);
std::string_view word(UndoOutcome outcome);

/// The result column of the summary: "MADE EQUAL".
std::string_view headline(Outcome outcome);

/// A word with its underscores as spaces: "would create".
std::string spoken(std::string_view word);

/// What pull_schema did, in a sentence: "with drift" for drift, else the word, spoken.
std::string spoken(SchemaAction action);

} // namespace slicetool::report
