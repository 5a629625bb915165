#include "report/run_line.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/text.hpp"
#include "report/time_text.hpp"
#include "report/utf8.hpp"
#include "report/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace slicetool::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* k_list_format = "slicetool-runs/1";

/// Below that nothing could be read.
constexpr std::size_t k_least_width = 20;

/// Columns of the first line, but the last, which is as long as it needs to be.
using Cells = std::array<std::string, 5>;

std::string outcomes_text(const RunLine& run)
{
    std::vector<std::string> parts;
    for (const auto& count : run.outcomes)
        parts.push_back(fmt::format("{} {}", base::format_count(count.tables), spoken(count.word)));
    if (!run.ended)
        parts.emplace_back("still running, or killed");
    else if (parts.empty())
        parts.emplace_back("no tables");
    return base::join(parts, ", ");
}

Cells cells_of(const RunLine& run)
{
    const bool ended = run.ended.has_value();
    return {std::to_string(run.id), local_time(run.started),
            ended ? format_seconds(run.elapsed.count()) : "-",
            ended ? std::to_string(run.exit_status) : "-", base::format_count(run.differing)};
}

/// On one line if it fits, else on two.
std::string what_text(const RunLine& run, std::size_t width, std::size_t indent)
{
    const std::string command = run.job.empty() ? run.command : run.command + " " + run.job;
    const std::string margin(indent, ' ');
    const std::string from = printable(fmt::format("{}: {}", command, run.from));
    const std::string to = printable("to " + run.to);
    const std::size_t room = std::max(width, indent + k_least_width) - indent;
    if (display_width(from) + 1 + display_width(to) <= room)
        return margin + from + " " + to + "\n";
    return margin + fitted(from, room, false) + "\n" + margin + fitted(to, room, false) + "\n";
}

Json text(const std::string& bytes)
{
    return is_utf8(bytes) ? bytes : printable_lines(bytes);
}

Json text_or_null(const std::string& bytes)
{
    return bytes.empty() ? Json(nullptr) : text(bytes);
}

Json element(const RunLine& run)
{
    Json outcomes = Json::object();
    for (const auto& count : run.outcomes)
        outcomes[count.word] = count.tables;
    const bool ended = run.ended.has_value();
    return {
        {"id", run.id},
        {"command", text(run.command)},
        {"job", text_or_null(run.job)},
        {"from", text(run.from)},
        {"to", text(run.to)},
        {"started_at", rfc3339(run.started)},
        {"ended_at", ended ? Json(rfc3339(*run.ended)) : Json(nullptr)},
        {"outcomes", outcomes},
        {"differing", run.differing},
        {"copied", run.copied},
        {"deleted", run.deleted},
        {"seconds", ended ? Json(std::round(run.elapsed.count() * 1000) / 1000) : Json(nullptr)},
        {"exit_status", ended ? Json(run.exit_status) : Json(nullptr)},
        {"failure", text_or_null(run.failure)}};
}

} // namespace

std::string run_list_text(const std::vector<RunLine>& runs, std::size_t width)
{
    if (runs.empty())
        return "No runs.\n";
    const Cells header{"run", "started", "seconds", "status", "differ"};
    std::vector<Cells> rows{header};
    for (const auto& run : runs)
        rows.push_back(cells_of(run));
    std::array<std::size_t, std::tuple_size_v<Cells>> widths{};
    for (const auto& row : rows) {
        for (std::size_t at = 0; at < row.size(); ++at)
            widths[at] = std::max(widths[at], row[at].size());
    }
    const auto line = [&](const Cells& cells, const std::string& last) {
        std::string text;
        for (std::size_t at = 0; at < cells.size(); ++at)
            text += (at == 1 ? pad_right(cells[at], widths[at]) : pad_left(cells[at], widths[at])) +
                    "  ";
        const std::size_t room = width > text.size() ? width - text.size() : 1;
        return text + fitted(last, room, false) + "\n";
    };
    std::string text = line(header, "tables");
    for (std::size_t at = 0; at < runs.size(); ++at)
        text +=
            line(rows[at + 1], outcomes_text(runs[at])) + what_text(runs[at], width, widths[0] + 2);
    return text;
}

nlohmann::ordered_json run_list_document(const std::vector<RunLine>& runs)
{
    Json list = Json::array();
    for (const auto& run : runs)
        list.push_back(element(run));
    return {{"format", k_list_format}, {"runs", list}};
}

} // namespace slicetool::report
