#include "base/units.hpp"
#include "report/density_strip.hpp"
#include "report/html_parts.hpp"
#include "report/html_text.hpp"
#include "report/text.hpp"
#include "report/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::report::html {

namespace {

struct Column
{
    std::string_view header;
    std::string (*cell)(const TableResult&);
};

template<std::uint64_t TableResult::*member>
std::string count(const TableResult& result)
{
    return number(result.*member);
}

std::string bytes_read(const TableResult& result)
{
    return base::format_bytes(result.bytes_upstream + result.bytes_downstream);
}

std::string seconds(const TableResult& result)
{
    return base::format_duration(result.elapsed);
}

std::vector<Column> columns_of(const Record& record)
{
    std::vector<Column> columns{{"rows", count<&TableResult::rows>},
                                {"missing", count<&TableResult::missing>},
                                {"extra", count<&TableResult::extra>},
                                {"changed", count<&TableResult::changed>}};
    if (writes(record)) {
        columns.push_back({"copied", count<&TableResult::copied>});
        columns.push_back({"deleted", count<&TableResult::deleted>});
    }
    columns.push_back({"read", bytes_read});
    columns.push_back({"time", seconds});
    return columns;
}

/// Zeros of a table that was not looked at to its end mean nothing.
bool has_figures(const Record::Entry& entry)
{
    return entry.result && entry.result->outcome != Outcome::skipped &&
           (!needs_attention(entry) || entry.result->rows > 0 || entry.result->differing() > 0);
}

std::string cell(const Record::Entry& entry, const Column& column)
{
    const std::string value = has_figures(entry) ? column.cell(*entry.result) : "\u2013";
    const std::string_view classes = value == "0" || value == "\u2013" ? "num zero" : "num";
    return fmt::format(R"(<td class="{}" data-of="{}">{}</td>)", classes, column.header, value);
}

std::string wide_row(const std::string& content, std::size_t columns)
{
    return fmt::format("<tr class=\"more\"><td colspan=\"{}\">{}</td></tr>\n", columns, content);
}

std::string rows_of(const Record& record, const Record::Entry& entry,
                    const std::vector<Column>& columns)
{
    const std::size_t width = columns.size() + 2;
    std::string rows =
        "<tr>" + element("td", "name", text(entry.table)) + element("td", "result", badge(entry));
    for (const Column& column : columns)
        rows += cell(entry, column);
    rows += "</tr>\n";
    if (entry.result && worth_drawing(entry.result->density))
        rows += wide_row(strip(entry.result->density), width);
    // What needs attention has been told above.
    if (!needs_attention(entry) && !entry.result->reason.empty())
        rows += wide_row(element("p", "reason", lines(entry.result->reason)), width);
    for (const Note& note : record.notes) {
        if (note.severity == Severity::info && note.table == entry.table)
            rows += wide_row(element("p", "reason", lines(note.sentence)), width);
    }
    return element("tbody", "", "\n" + rows) + "\n";
}

std::string header_row(const std::vector<Column>& columns)
{
    std::string cells = element("th", "", "table") + element("th", "", "result");
    for (const Column& column : columns)
        cells += element("th", "num", column.header);
    return element("thead", "", element("tr", "", cells)) + "\n";
}

} // namespace

std::string_view tone_of_status(int exit_status)
{
    switch (exit_status) {
    case 0:
        return "tone-good";
    case 2:
        return "tone-bad";
    default:
        return "tone-warn";
    }
}

std::string_view tone_of(const Record::Entry& entry)
{
    if (!entry.result)
        return "tone-bad";
    switch (entry.result->outcome) {
    case Outcome::equal:
    case Outcome::made_equal:
    case Outcome::resumed:
        return "tone-good";
    case Outcome::lite:
    case Outcome::different:
        return "tone-warn";
    case Outcome::done:
    case Outcome::skipped:
        return "tone-none";
    case Outcome::refused:
    case Outcome::failed:
        return "tone-bad";
    }
    return "";
}

std::string badge(std::string_view tone, std::string_view word)
{
    return element("span", fmt::format("badge {}", tone), word);
}

std::string badge(const Record::Entry& entry)
{
    return badge(tone_of(entry),
                 entry.result ? spoken(word(entry.result->outcome)) : "not finished");
}

std::string message(const std::string& table, const std::string& badge_html,
                    const std::string& sentence)
{
    std::string content = table.empty() ? "" : element("span", "name", text(table));
    content += badge_html;
    if (!sentence.empty())
        content += element("p", "", lines(sentence));
    return element("li", "", content) + "\n";
}

bool needs_attention(const Record::Entry& entry)
{
    return !entry.result || entry.result->outcome == Outcome::refused ||
           entry.result->outcome == Outcome::failed;
}

bool writes(const Record& record)
{
    return record.run && record.run->command == "slice" && !record.run->dry_run;
}

std::string tables_section(const Record& record)
{
    if (record.tables().empty())
        return "";
    const std::vector<Column> columns = columns_of(record);
    std::string table = header_row(columns);
    for (const auto& entry : record.tables())
        table += rows_of(record, entry, columns);
    const bool has_strip =
        std::any_of(record.tables().begin(), record.tables().end(), [](const auto& entry) {
            return entry.result && worth_drawing(entry.result->density);
        });
    return "<section><h2>Tables</h2>\n<div class=\"card\"><div class=\"scroll\">" +
           element("table", "stack", "\n" + table) + "</div>\n" +
           (has_strip ? strip_key() + "\n" : "") + "</div></section>\n";
}

} // namespace slicetool::report::html
