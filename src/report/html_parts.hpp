#pragma once

#include "report/html_document.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The sections of `html_document`. Each is empty where there is nothing to tell.
namespace slicetool::report::html {

/// The class that colours something: "tone-good", "tone-warn", "tone-bad" or "tone-none".
std::string_view tone_of(const Record::Entry& entry);
std::string_view tone_of_status(int exit_status);

/// A word with a coloured ground; the word alone tells as much.
std::string badge(std::string_view tone, std::string_view word);
std::string badge(const Record::Entry& entry);

/// A list item: the table (may be empty), a badge (HTML, may be empty) and a sentence.
std::string message(const std::string& table, const std::string& badge_html,
                    const std::string& sentence);

/// Refused, failed, or not finished.
bool needs_attention(const Record::Entry& entry);

/// A slice that was not a dry run.
bool writes(const Record& record);

/// A row of figures for each table, with its density strip, its notes and its reason.
std::string tables_section(const Record& record);

/// What pull_schema found and did.
std::string schema_section(const Record& record);

/// Earlier runs: rows written and seconds, drawn and listed.
std::string history_section(const std::vector<RunLine>& runs);

/// A drawing of where rows differ, and what its ends are. `density` is worth drawing.
std::string strip(const std::vector<DensityBucket>& density);

/// What the colours and heights of strips mean.
std::string strip_key();

} // namespace slicetool::report::html
