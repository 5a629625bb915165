#pragma once

#include "report/reporter.hpp"

#include <cstddef>
#include <string>

namespace slicetool::report {

/// Whether standard output is a person's terminal, where odd bytes are escaped, or a file or pipe,
/// where SQL has to stay as it is.
enum class Reader { person, program };

/// What pull_schema did with one table: a line with the action, then indented drift, translations,
/// reason. The statements follow where they have not run yet or did harm: would_create,
/// would_alter, recreated, failed. In a dry run everything but the statements is an SQL comment, so
/// the whole output is a script.
std::string schema_text(const SchemaResult& result, bool dry_run, Reader reader, std::size_t width);

} // namespace slicetool::report
