#pragma once

#include "report/rate_meter.hpp"
#include "report/reporter.hpp"
#include "report/terminal.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::report {

/// The tables in work and how they are shown while they are. Not thread-safe: its owner locks.
class LiveBoard
{
public:
    using Time = RateMeter::Time;

    explicit LiveBoard(Time now) : m_start(now) {}

    void start(const std::string& table, std::uint64_t estimated_rows, Time now);

    /// Starts the table too, if that was forgotten.
    void update(const std::string& table, const Progress& progress, Time now);
    void finish(const std::string& table);

    /// Feeds the rates; call it about ten times a second.
    void sample(Time now);

    /// One line for each table in work, as many as the terminal holds, and one on the run. Each is
    /// narrower than the terminal, for writing into the last column makes some of them wrap.
    std::vector<std::string> lines(TerminalSize size, bool utf8, Time now) const;

    /// One sentence for each table in work, for a log.
    std::vector<std::string> sentences(Time now) const;

private:
    struct Table
    {
        std::string name; ///< printable
        std::string key;  ///< as the engine says it
        Progress progress;
        Time start;
        RateMeter rate;
    };

    Table* find(const std::string& table);
    static std::optional<int> percent(const Table& table);
    static std::optional<double> seconds_left(const Table& table, Time now);
    static std::vector<std::string> cells(const Table& table, Time now);
    static std::string sentence(const Table& table, Time now);
    std::string status(Time now) const;

    Time m_start;
    std::vector<Table> m_tables;
    std::size_t m_done = 0;
};

} // namespace slicetool::report
