#include "report/html_document.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/html_parts.hpp"
#include "report/html_style.hpp"
#include "report/html_text.hpp"
#include "report/text.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

namespace slicetool::report {

namespace {

using html::element;
using html::text;

constexpr int k_exit_busy = 75;
constexpr int k_exit_interrupted = 130;

bool is_schema_run(const Record& record)
{
    return record.run && record.run->command == "pull_schema";
}

std::string verdict_of_success(const Record& record)
{
    if (is_schema_run(record))
        return "Every table exists, without drift";
    const Totals totals = record.totals();
    if (totals.of(Outcome::lite) > 0)
        return "Equal as far as it was looked at";
    if (totals.of(Outcome::resumed) > 0)
        return "Equal, in part by the proof of an earlier run";
    if (totals.of(Outcome::made_equal) > 0)
        return "Made equal";
    if (totals.of(Outcome::equal) > 0)
        return "Equal";
    return record.run && record.run->command == "check" ? "The job can run" : "Done";
}

std::string verdict_of_failure(const Record& record)
{
    const Totals totals = record.totals();
    const std::uint64_t refused =
        totals.of(Outcome::refused) + record.count_of(SchemaAction::refused);
    const std::uint64_t failed = totals.of(Outcome::failed) + record.count_of(SchemaAction::failed);
    std::vector<std::string> parts;
    if (refused > 0)
        parts.push_back(counted(refused, "table", "tables") + " refused");
    if (failed > 0)
        parts.push_back(counted(failed, "table", "tables") + " failed");
    return parts.empty() ? "Failed" : base::join(parts, ", ");
}

std::string verdict(const Record& record)
{
    switch (record.end.exit_status) {
    case 0:
        return verdict_of_success(record);
    case 1:
        return is_schema_run(record) ? "The schemas differ" : "Differences found";
    case k_exit_busy:
        return "Not run: another run was at work";
    case k_exit_interrupted:
        return "Interrupted";
    default:
        return verdict_of_failure(record);
    }
}

/// "2026-01-31T03:15:00Z" for people.
std::string spoken_time(std::string time)
{
    if (const auto t = time.find('T'); t != std::string::npos)
        time[t] = ' ';
    if (!time.empty() && time.back() == 'Z')
        time.replace(time.size() - 1, 1, " UTC");
    return time;
}

std::string title_of(const Record& record)
{
    return fmt::format("{}: {}", record.run ? record.run->command : "slicetool", verdict(record));
}

void append_line(std::string& list, std::string_view term, const std::string& description)
{
    list += element("dt", "", term) + element("dd", "", description) + "\n";
}

std::string endpoint(const std::string& description, const std::string& version)
{
    return element("span", "name", text(description)) +
           (version.empty() ? "" : element("span", "soft", ", " + text(version)));
}

std::string route(const RunInfo& info)
{
    std::string list;
    append_line(list, "from", endpoint(info.from, info.upstream_version));
    append_line(list, "to", endpoint(info.to, info.downstream_version));
    std::vector<std::string> with;
    if (!info.digest.empty())
        with.push_back(
            fmt::format("{} fingerprints, row encoding {}", info.digest, info.encoding_version));
    if (!info.snapshot.empty())
        with.push_back(info.snapshot);
    if (info.jobs > 1)
        with.push_back(fmt::format("{} jobs", info.jobs));
    if (!with.empty())
        append_line(list, "with", text(base::join(with, "; ")));
    return element("dl", "route", "\n" + list);
}

std::string head(const Record& record, const ReportContext& context)
{
    std::string kicker = record.run ? "slicetool " + text(record.run->command) : "slicetool";
    if (record.run && record.run->dry_run)
        kicker += ", dry run: nothing was written";
    if (!context.started_at.empty())
        kicker += " \u00b7 " + text(spoken_time(context.started_at));
    if (!context.run_id.empty())
        kicker += " \u00b7 run " + text(context.run_id);
    std::string content =
        element("p", "kicker", kicker) + "\n" + element("h1", "", text(verdict(record))) + "\n";
    if (!record.end.failure.empty())
        content += element("p", "sentence", html::lines(record.end.failure)) + "\n";
    if (record.run)
        content += route(*record.run) + "\n";
    return element("header",
                   fmt::format("card head {}", html::tone_of_status(record.end.exit_status)),
                   "\n" + content) +
           "\n";
}

std::string figure(const std::string& value, std::string_view caption)
{
    return "<div class=\"figure\">" + element("b", "", value) + element("span", "", caption) +
           "</div>\n";
}

std::string figures_of_tables(const Record& record)
{
    const Totals totals = record.totals();
    const TableResult& sum = totals.sum;
    std::string figures = figure(html::number(totals.tables + totals.unfinished), "tables") +
                          figure(html::number(sum.rows), "rows upstream") +
                          figure(html::number(sum.differing()), "rows differed");
    if (html::writes(record))
        figures += figure(html::number(sum.copied), "rows copied") +
                   figure(html::number(sum.deleted), "rows deleted");
    return figures + figure(base::format_bytes(sum.bytes_upstream + sum.bytes_downstream), "read");
}

std::string figures(const Record& record)
{
    std::string figures;
    if (!record.tables().empty())
        figures = figures_of_tables(record);
    else if (!record.schema().empty())
        figures = figure(html::number(record.schema().size()), "tables");
    figures += figure(base::format_duration(record.end.elapsed), "duration");
    return element("div", "card figures", "\n" + figures) + "\n";
}

/// What somebody has to look at: reasons of tables that did not come out equal, and warnings.
std::string attention(const Record& record)
{
    std::string items;
    for (const auto& entry : record.tables()) {
        if (html::needs_attention(entry))
            items += html::message(entry.table, html::badge(entry),
                                   entry.result ? entry.result->reason : "");
    }
    for (const Note& note : record.notes) {
        if (note.severity == Severity::warning)
            items += html::message(note.table, html::badge("tone-warn", "warning"), note.sentence);
    }
    if (items.empty())
        return "";
    return "<section><h2>To look at</h2>\n" + element("ul", "card messages", "\n" + items) +
           "</section>\n";
}

std::string notes(const Record& record)
{
    std::string items;
    for (const Note& note : record.notes) {
        if (note.severity == Severity::info && note.table.empty())
            items += html::message("", "", note.sentence);
    }
    if (items.empty())
        return "";
    return "<section><h2>Notes</h2>\n" + element("ul", "card messages", "\n" + items) +
           "</section>\n";
}

std::string nothing_done(const Record& record)
{
    if (!record.tables().empty() || !record.schema().empty())
        return "";
    return "<section><h2>Tables</h2>\n" +
           element("p", "card empty",
                   record.end.failure.empty() ? "There was no table to look at."
                                              : "The run ended before it looked at a table.") +
           "</section>\n";
}

} // namespace

std::string html_document(const Record& record, const ReportContext& context)
{
    // Should a name ever escape its quotes, the policy still keeps scripts and the network out.
    std::string page = "<!DOCTYPE html>\n"
                       "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
                       "<meta charset=\"utf-8\" />\n"
                       "<meta http-equiv=\"Content-Security-Policy\" "
                       "content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />"
                       "\n<meta name=\"color-scheme\" content=\"light dark\" />\n";
    page += element("title", "", text(title_of(record))) + "\n";
    page += element("style", "", html::k_style) + "\n</head>\n<body>\n<main>\n";
    page += head(record, context) + figures(record) + attention(record) + nothing_done(record);
    page += html::tables_section(record) + html::schema_section(record) + notes(record);
    if (context.history)
        page += html::history_section(*context.history);
    page += element("footer", "",
                    fmt::format("slicetool {} \u00b7 exit status {}", text(context.tool_version),
                                record.end.exit_status));
    return page + "\n</main>\n</body>\n</html>\n";
}

} // namespace slicetool::report
