#include "report/difference_text.hpp"

#include "report/text.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

namespace slicetool::report {

namespace {

std::string replaced(std::string text, char c, std::string_view by)
{
    for (std::size_t at = 0; (at = text.find(c, at)) != std::string::npos; at += by.size())
        text.replace(at, 1, by);
    return text;
}

/// In quotes, so that NULL is not 'NULL' and a space at the end is seen.
std::string quoted(const std::optional<std::string>& value)
{
    return value ? fmt::format("\"{}\"", replaced(escaped(*value), '"', "\\\"")) : "NULL";
}

} // namespace

std::string difference_text(const std::string& table, const Difference& difference)
{
    std::string text = fmt::format("{}\t{}", escaped(table), word(difference.kind));
    for (const KeyPart& part : difference.key)
        text += fmt::format("\t{}={}", replaced(escaped(part.column), '=', "\\x3d"),
                            escaped(part.value));
    text += '\n';
    for (const ColumnDifference& column : difference.columns) {
        text += fmt::format("    {}: upstream {}, downstream {}\n", escaped(column.column),
                            quoted(column.upstream), quoted(column.downstream));
    }
    return text;
}

} // namespace slicetool::report
