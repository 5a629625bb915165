#include "base/units.hpp"
#include "report/html_parts.hpp"
#include "report/html_text.hpp"
#include "report/time_text.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace slicetool::report::html {

namespace {

/// As many runs as two months of nights; more would be thinner than a pixel on a telephone.
constexpr std::size_t k_most_drawn = 60;

/// As many as one likes to read.
constexpr std::size_t k_most_listed = 30;

constexpr double k_bar_width = 10;
constexpr double k_chart_height = 56;

/// What the exit status means, in one word.
std::string_view result_of(const RunLine& run)
{
    if (!run.ended)
        return "not finished";
    switch (run.exit_status) {
    case 0:
        return "ok";
    case 1:
        return "different";
    case 75:
        return "not run";
    case 130:
        return "interrupted";
    default:
        return "failed";
    }
}

std::string_view tone_of_run(const RunLine& run)
{
    return run.ended ? tone_of_status(run.exit_status) : "tone-bad";
}

std::uint64_t rows_written(const RunLine& run)
{
    return run.copied + run.deleted;
}

/// "2026-01-31 03:15", UTC.
std::string when(const RunLine& run)
{
    std::string time = rfc3339(run.started).substr(0, 16);
    std::replace(time.begin(), time.end(), 'T', ' ');
    return time;
}

/// Bars from the oldest run to the newest, the highest of them as high as the chart.
std::string chart(const std::vector<RunLine>& runs, std::string_view caption,
                  double (*value)(const RunLine&), std::string (*label)(const RunLine&))
{
    const std::size_t drawn = std::min(runs.size(), k_most_drawn);
    double highest = 0;
    for (std::size_t at = 0; at < drawn; ++at)
        highest = std::max(highest, value(runs[at]));
    std::string bars;
    for (std::size_t at = 0; at < drawn; ++at) {
        const RunLine& run = runs[drawn - 1 - at];
        const double height = 1 + (highest > 0 ? (k_chart_height - 1) * value(run) / highest : 0.0);
        const std::string_view tone = run.ended && run.exit_status == 0 ? "" : tone_of_run(run);
        bars +=
            fmt::format(R"(<rect class="{}" x="{:.0f}" y="{:.1f}" width="{:.0f}" height="{:.1f}">)",
                        tone, k_bar_width * static_cast<double>(at), k_chart_height - height,
                        k_bar_width - 2, height);
        bars += element("title", "", when(run) + ": " + label(run)) + "</rect>\n";
    }
    return fmt::format(R"(<div><p>{}</p><svg class="chart" xmlns="http://www.w3.org/2000/svg" )"
                       R"(viewBox="0 0 {:.0f} {:.0f}" preserveAspectRatio="none" role="img" )"
                       R"(aria-label="{}">)"
                       "\n{}</svg></div>\n",
                       caption, k_bar_width * static_cast<double>(std::max<std::size_t>(drawn, 20)),
                       k_chart_height, caption, bars);
}

std::string charts(const std::vector<RunLine>& runs)
{
    const auto rows = [](const RunLine& run) {
        return std::log10(1 + static_cast<double>(rows_written(run)));
    };
    const auto rows_label = [](const RunLine& run) { return number(rows_written(run)) + " rows"; };
    const auto seconds = [](const RunLine& run) { return run.elapsed.count(); };
    const auto seconds_label = [](const RunLine& run) {
        return base::format_duration(run.elapsed);
    };
    return element("div", "charts",
                   "\n" +
                       chart(runs, "Rows written, oldest run first, on a logarithmic scale", rows,
                             rows_label) +
                       chart(runs, "Seconds, oldest run first", seconds, seconds_label));
}

std::string row(const RunLine& run)
{
    const auto cell = [](std::string_view of, const std::string& value) {
        return fmt::format(R"(<td class="num" data-of="{}">{}</td>)", of, value);
    };
    const std::string id = element("span", "soft", fmt::format(" run {}", run.id));
    return element("tbody", "",
                   element("tr", "",
                           element("td", "", when(run) + id) +
                               element("td", "result", badge(tone_of_run(run), result_of(run))) +
                               cell("command", text(run.command)) +
                               cell("rows written", number(rows_written(run))) +
                               cell("time", base::format_duration(run.elapsed)))) +
           "\n";
}

} // namespace

std::string history_section(const std::vector<RunLine>& runs)
{
    const std::string title = "<section><h2>Earlier runs</h2>\n";
    if (runs.empty())
        return title + element("p", "card empty", "None is recorded yet: this is the first.") +
               "</section>\n";
    std::string rows;
    for (std::size_t at = 0; at < std::min(runs.size(), k_most_listed); ++at)
        rows += row(runs[at]);
    const std::string header =
        "<thead><tr><th>started (UTC)</th><th>result</th><th class=\"num\">command</th>"
        "<th class=\"num\">rows written</th><th class=\"num\">time</th></tr></thead>\n";
    return title + "<div class=\"card\">" + charts(runs) + "<div class=\"scroll\">" +
           element("table", "stack", "\n" + header + rows) + "</div></div></section>\n";
}

} // namespace slicetool::report::html
