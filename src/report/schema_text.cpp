#include "report/schema_text.hpp"

#include "report/text.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

namespace slicetool::report {

namespace {

/// Ends of lines inside a comment would end the comment; `printable` leaves none.
std::string commented(const std::string& sentence, std::string_view prefix, std::size_t width)
{
    const std::size_t used = prefix.size() + 4;
    std::string text;
    for (const auto& line : wrapped(printable(sentence), width > used ? width - used : 1))
        text += fmt::format("{}    {}\n", prefix, line);
    return text;
}

bool shows_statements(SchemaAction action)
{
    return action == SchemaAction::would_create || action == SchemaAction::would_alter ||
           action == SchemaAction::recreated || action == SchemaAction::failed;
}

std::string statement_text(const std::string& statement, bool dry_run, Reader reader)
{
    const std::string sql = reader == Reader::person ? printable_lines(statement) : statement;
    if (dry_run)
        return sql + ";\n";
    std::string text = "    ";
    for (const char c : sql + ";") {
        text += c;
        if (c == '\n')
            text += "    ";
    }
    return text + "\n";
}

} // namespace

std::string schema_text(const SchemaResult& result, bool dry_run, Reader reader, std::size_t width)
{
    const std::string_view prefix = dry_run ? "-- " : "";
    std::string text =
        fmt::format("{}{}: {}\n", prefix, printable(result.table), spoken(result.action));
    if (!result.reason.empty())
        text += commented(result.reason, prefix, width);
    for (const auto& sentence : result.drift)
        text += commented(sentence, prefix, width);
    for (const auto& sentence : result.translations)
        text += commented("translated: " + sentence, prefix, width);
    if (shows_statements(result.action)) {
        for (const auto& statement : result.statements)
            text += statement_text(statement, dry_run, reader);
    }
    return text;
}

} // namespace slicetool::report
