#include "report/summary.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/result_grid.hpp"
#include "report/text.hpp"
#include "report/undo_text.hpp"
#include "report/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::report {

namespace {

constexpr std::size_t k_indent = 4;

/// SGR codes: green for what is fine, cyan for what was done and not compared as a whole, yellow
/// for differences, red for what went wrong, dim for the rest.
std::string_view colour_of(const Record::Entry& entry)
{
    if (!entry.result)
        return "\x1b[31m";
    switch (entry.result->outcome) {
    case Outcome::equal:
    case Outcome::made_equal:
        return "\x1b[32m";
    case Outcome::different:
        return "\x1b[33m";
    case Outcome::lite:
    case Outcome::done:
        return "\x1b[36m";
    case Outcome::skipped:
        return "\x1b[2m";
    case Outcome::refused:
    case Outcome::failed:
        return "\x1b[31m";
    }
    return "";
}

std::string coloured(const std::string& text, std::string_view code, Colour colour)
{
    return colour == Colour::no ? text : fmt::format("{}{}\x1b[0m", code, text);
}

/// U+00A0 keeps a number and its unit on one line; `paragraph` turns it into a plain space
/// afterwards.
constexpr std::string_view k_glue = "\u00A0";

std::string glued(std::string quantity)
{
    for (std::size_t at = 0; (at = quantity.find(' ', at)) != std::string::npos;)
        quantity.replace(at, 1, k_glue);
    return quantity;
}

std::string unglued(std::string line)
{
    for (std::size_t at = 0; (at = line.find(k_glue, at)) != std::string::npos;)
        line.replace(at, k_glue.size(), " ");
    return line;
}

/// Wrapped lines, all but the first indented as deep as `first` is long.
std::string paragraph(const std::string& first, const std::string& text, std::size_t width)
{
    std::string safe = printable_lines(text);
    for (char& c : safe)
        c = c == '\t' ? ' ' : c;
    std::string result;
    std::string lead = first;
    const std::size_t indent = display_width(first);
    for (const auto& line : wrapped(safe, width > indent ? width - indent : 1)) {
        result += lead + unglued(line) + "\n";
        lead.assign(indent, ' ');
    }
    return result;
}

std::string notes_of(const Record& record, const std::string& table, std::size_t indent,
                     std::size_t width)
{
    std::string text;
    for (const Note& note : record.notes) {
        if (note.table == table && note.severity == Severity::info)
            text += paragraph(std::string(indent, ' ') + "note: ", note.sentence, width);
    }
    return text;
}

/// Where the differing rows were, between the words that tell what the ends are.
std::string strip_of(const TableResult& result, std::size_t width, Charset charset)
{
    constexpr std::size_t k_most_cells = 64;
    constexpr std::size_t k_fewest_cells = 10;
    constexpr std::string_view k_before = "first key ";
    constexpr std::string_view k_after = " last key";
    const std::size_t beside = k_indent + k_before.size() + k_after.size();
    if (!worth_drawing(result.density) || width < beside + k_fewest_cells)
        return "";
    const std::size_t cells = std::min(width - beside, k_most_cells);
    return fmt::format("{:{}}{}{}{}\n", "", k_indent, k_before,
                       density_strip(result.density, cells, charset), k_after);
}

bool writes(const Record& record)
{
    return record.run && record.run->command == "slice" && !record.run->dry_run;
}

std::string table_text(const Record& record, std::size_t width, Colour colour, Charset charset)
{
    const Grid grid =
        lay_out_results(record, writes(record) ? GridKind::written : GridKind::found, width);
    std::string text = base::join(grid.header, "\n") + "\n";
    for (std::size_t i = 0; i < grid.rows.size(); ++i) {
        const auto& entry = record.tables()[i];
        text += base::join(grid.rows[i].lines, "\n") +
                coloured(grid.rows[i].result, colour_of(entry), colour) + "\n";
        if (entry.result && !entry.result->reason.empty())
            text += paragraph(std::string(k_indent, ' '), entry.result->reason, width);
        if (entry.result)
            text += strip_of(*entry.result, width, charset);
        text += notes_of(record, entry.table, k_indent, width);
    }
    return text;
}

std::string outcomes_part(const Totals& totals)
{
    std::vector<std::string> parts;
    for (const Outcome outcome : k_outcomes) {
        if (const auto n = totals.of(outcome); n > 0)
            parts.push_back(fmt::format("{} {}", base::format_count(n), spoken(word(outcome))));
    }
    if (totals.unfinished > 0)
        parts.push_back(base::format_count(totals.unfinished) + " not finished");
    return base::join(parts, ", ");
}

std::string rows_of(std::uint64_t count)
{
    return counted(count, "row", "rows");
}

std::string rows_part(const Record& record, const TableResult& sum)
{
    if (writes(record)) {
        return sum.copied + sum.deleted == 0
                   ? "; nothing written"
                   : fmt::format("; {} copied, {} deleted", rows_of(sum.copied),
                                 base::format_count(sum.deleted));
    }
    const std::string found =
        sum.differing() == 0
            ? ""
            : fmt::format("; {} missing, {} extra, {} changed", rows_of(sum.missing),
                          base::format_count(sum.extra), base::format_count(sum.changed));
    return record.run && record.run->dry_run ? found + "; dry run, nothing written" : found;
}

std::size_t warnings(const Record& record)
{
    std::size_t count = 0;
    for (const Note& note : record.notes)
        count += note.severity == Severity::warning ? 1 : 0;
    return count;
}

std::string closing_of_tables(const Record& record)
{
    const Totals totals = record.totals();
    std::string line =
        fmt::format("{}: {}{}", counted(totals.tables + totals.unfinished, "table", "tables"),
                    outcomes_part(totals), rows_part(record, totals.sum));
    // A table that was interrupted does not know its bytes.
    const std::uint64_t bytes = totals.sum.bytes_upstream + totals.sum.bytes_downstream;
    if (bytes > 0 || totals.of(Outcome::failed) == 0)
        line += fmt::format("; {} read from upstream, {} from downstream",
                            glued(base::format_bytes(totals.sum.bytes_upstream)),
                            glued(base::format_bytes(totals.sum.bytes_downstream)));
    return line;
}

std::string closing_of_schema(const Record& record)
{
    std::vector<std::string> parts;
    for (const SchemaAction action : k_schema_actions) {
        if (const std::size_t n = record.count_of(action); n > 0)
            parts.push_back(fmt::format("{} {}", base::format_count(n), spoken(action)));
    }
    return fmt::format("{}: {}", counted(record.schema().size(), "table", "tables"),
                       base::join(parts, ", "));
}

bool is_empty(const Record& record)
{
    return record.tables().empty() && record.schema().empty() && record.undone.empty();
}

std::string closing_sentence(const Record& record)
{
    const std::string command = record.run ? record.run->command : "";
    if (is_empty(record))
        return command == "check"  ? "Nothing was compared or written."
               : command == "undo" ? "The run changed nothing."
                                   : "No tables.";
    std::string text = !record.tables().empty() ? closing_of_tables(record)
                       : !record.undone.empty() ? closing_of_undo(record)
                                                : closing_of_schema(record);
    if (const std::size_t n = warnings(record); n > 0)
        text += "; " + counted(n, "warning", "warnings");
    return text + fmt::format("; {}.", glued(base::format_duration(record.end.elapsed)));
}

} // namespace

std::string header_text(const RunInfo& info, std::size_t width)
{
    const std::string margin(info.command.size() + 1, ' ');
    const auto side = [](const std::string& endpoint, const std::string& version) {
        return version.empty() ? endpoint : fmt::format("{}, {}", endpoint, version);
    };
    std::string text =
        paragraph(info.command + " from  ", side(info.from, info.upstream_version), width) +
        paragraph(margin + "to    ", side(info.to, info.downstream_version), width);
    std::vector<std::string> parts;
    if (!info.digest.empty())
        parts.push_back(
            fmt::format("{} fingerprints, row encoding {}", info.digest, info.encoding_version));
    if (!info.snapshot.empty())
        parts.push_back(info.snapshot);
    if (info.jobs > 1)
        parts.push_back(fmt::format("{} jobs", info.jobs));
    if (!parts.empty())
        text += paragraph(margin + "with  ", base::join(parts, "; "), width);
    if (info.dry_run)
        text += paragraph(margin, "dry run: nothing will be written", width);
    return text;
}

std::string summary_text(const Record& record, std::size_t width, Colour colour, Charset charset)
{
    if (is_empty(record) && !record.end.failure.empty())
        return "";
    std::string text = "\n";
    if (!record.tables().empty())
        text += table_text(record, width, colour, charset) + "\n";
    text += notes_of(record, "", 0, width);
    return text + paragraph("", closing_sentence(record), width);
}

} // namespace slicetool::report
