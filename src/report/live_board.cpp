#include "report/live_board.hpp"

#include "base/units.hpp"
#include "report/live_layout.hpp"
#include "report/text.hpp"
#include "report/words.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace slicetool::report {

namespace {

/// More lines than this say nothing to a reader, however tall the window.
constexpr std::size_t k_max_lines = 16;

/// Before this, an ETA is a guess.
constexpr std::chrono::seconds k_min_time_for_eta{2};

std::string labelled(std::string_view label, std::uint64_t count)
{
    return count == 0 ? "" : fmt::format("{} {}", label, compact_count(count));
}

std::string shown_rate(const RateMeter& meter)
{
    const auto rate = meter.per_second();
    return rate ? compact_count(static_cast<std::uint64_t>(std::llround(*rate))) : "";
}

} // namespace

LiveBoard::Table* LiveBoard::find(const std::string& table)
{
    const auto at = std::find_if(m_tables.begin(), m_tables.end(),
                                 [&table](const Table& known) { return known.key == table; });
    return at == m_tables.end() ? nullptr : &*at;
}

void LiveBoard::start(const std::string& table, std::uint64_t estimated_rows, Time now)
{
    Progress progress;
    progress.rows_total_estimate = estimated_rows;
    if (find(table) == nullptr)
        m_tables.push_back({printable(table), table, progress, now, {}});
}

void LiveBoard::update(const std::string& table, const Progress& progress, Time now)
{
    if (find(table) == nullptr)
        start(table, progress.rows_total_estimate, now);
    Progress& known = find(table)->progress;
    const std::uint64_t estimate = known.rows_total_estimate;
    known = progress;
    if (known.rows_total_estimate == 0)
        known.rows_total_estimate = estimate;
}

void LiveBoard::finish(const std::string& table)
{
    std::erase_if(m_tables, [&table](const Table& known) { return known.key == table; });
    ++m_done;
}

void LiveBoard::sample(Time now)
{
    for (Table& table : m_tables)
        table.rate.sample(now, table.progress.rows_looked_at);
}

std::optional<int> LiveBoard::percent(const Table& table)
{
    const Progress& p = table.progress;
    if (p.rows_total_estimate == 0)
        return std::nullopt;
    const double share =
        static_cast<double>(p.rows_looked_at) / static_cast<double>(p.rows_total_estimate);
    return static_cast<int>(std::min(99.0, 100 * share)); // a table in work is never at 100 %
}

std::optional<double> LiveBoard::seconds_left(const Table& table, Time now)
{
    const Progress& p = table.progress;
    const std::chrono::duration<double> spent = now - table.start;
    if (p.rows_looked_at == 0 || p.rows_looked_at >= p.rows_total_estimate ||
        spent < k_min_time_for_eta)
        return std::nullopt;
    const auto left = static_cast<double>(p.rows_total_estimate - p.rows_looked_at);
    return left * spent.count() / static_cast<double>(p.rows_looked_at);
}

std::vector<std::string> LiveBoard::cells(const Table& table, Time now)
{
    const Progress& p = table.progress;
    const auto done = percent(table);
    const auto left = seconds_left(table, now);
    const std::string rate = shown_rate(table.rate);
    return {table.name,
            std::string(word(p.phase)),
            done ? fmt::format("{}%", *done) : "",
            compact_count(p.rows_looked_at),
            rate.empty() ? "" : rate + "/s",
            left ? "ETA " + compact_duration(*left) : "",
            labelled("found", p.differing_found),
            labelled("copied", p.rows_copied),
            labelled("deleted", p.rows_deleted)};
}

std::string LiveBoard::status(Time now) const
{
    const std::chrono::duration<double> spent = now - m_start;
    return fmt::format("{} done, {} in work, {}", counted(m_done, "table", "tables"),
                       base::format_count(m_tables.size()), compact_duration(spent.count()));
}

std::vector<std::string> LiveBoard::lines(TerminalSize size, bool utf8, Time now) const
{
    if (m_tables.empty() && m_done == 0)
        return {}; // pull_schema, or not there yet
    const std::size_t room = std::clamp<std::size_t>(size.rows, 4, k_max_lines + 3) - 3;
    const std::size_t shown = m_tables.size() <= room ? m_tables.size() : room - 1;
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < shown; ++i) {
        rows.push_back(cells(m_tables[i], now));
        if (!utf8)
            rows.back().front() = ascii_only(rows.back().front());
    }
    const std::size_t width = std::max<std::size_t>(size.columns, 2) - 1;
    std::vector<std::string> result = lay_out_live_lines(rows, width, utf8);
    if (shown < m_tables.size())
        result.push_back(fitted(fmt::format("and {} more", m_tables.size() - shown), width, !utf8));
    result.push_back(fitted(status(now), width, !utf8));
    return result;
}

std::string LiveBoard::sentence(const Table& table, Time now)
{
    const Progress& p = table.progress;
    std::string text =
        fmt::format("{}: {}, {}", table.name, word(p.phase), base::format_count(p.rows_looked_at));
    if (const auto done = percent(table))
        text += fmt::format(" of about {} rows ({}%)", base::format_count(p.rows_total_estimate),
                            *done);
    else
        text += " rows";
    if (const std::string rate = shown_rate(table.rate); !rate.empty())
        text += fmt::format(", {} rows/s", rate);
    if (const auto left = seconds_left(table, now))
        text += ", ETA " + compact_duration(*left);
    text += fmt::format(", found {}, copied {}, deleted {}", base::format_count(p.differing_found),
                        base::format_count(p.rows_copied), base::format_count(p.rows_deleted));
    return text;
}

std::vector<std::string> LiveBoard::sentences(Time now) const
{
    std::vector<std::string> result;
    for (const Table& table : m_tables)
        result.push_back(sentence(table, now));
    return result;
}

} // namespace slicetool::report
