#pragma once

#include "base/error.hpp"
#include "integration/steps_fixture.hpp"

#include <ctime>

/// What the tests of lite steps share.
namespace slicetool::test {

/// Asks for the end of the run as soon as rows have been copied.
class Interrupter : public RunRecorder
{
public:
    explicit Interrupter(const base::StopToken& stop) : m_stop(stop) {}

    void table_progress(const std::string&, const report::Progress& progress) override
    {
        if (progress.rows_copied > 0)
            m_stop.request_stop();
    }

private:
    base::StopToken m_stop;
};

/// What writers and lite runs disagree about: the column, and the zone the writer's clock shows.
struct Clock
{
    const char* name;
    const char* column;
    const char* zone;
};

inline const std::vector<Clock>& clocks()
{
    static const std::vector<Clock> k_clocks = {
        {"Timestamp", "TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
         "+05:30"},
        {"TimestampWithFractions",
         "TIMESTAMP(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)", "-11:00"},
        {"DatetimeEast", "DATETIME NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
         "+13:00"},
        {"DatetimeWest", "DATETIME NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
         "-11:00"}};
    return k_clocks;
}

class LiteTest : public StepsTest
{
protected:
    void make_orders(const Clock& clock) const
    {
        on_both({fmt::format("CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, amount INT, "
                             "code INT UNIQUE, changed {})",
                             clock.column)});
    }

    /// Statements of a writer whose clock stands at `at` (seconds since 1970) in a zone.
    void write_at(std::time_t at, const std::string& zone,
                  const std::vector<std::string>& list) const
    {
        std::vector<std::string> all{fmt::format("SET time_zone = '{}', timestamp = {}", zone, at)};
        all.insert(all.end(), list.begin(), list.end());
        m_up->run(all);
    }

    sync::RunSummary slice_lite(const std::string& table = "orders", const std::string& column = "")
    {
        auto options = with(table, {lite(column)});
        options.watermarks = &m_watermarks;
        return slice(options);
    }

    /// A slice that ends when the first rows have been copied.
    void interrupted(sync::RunOptions options)
    {
        options.mode = sync::Mode::make_equal;
        options.watermarks = &m_watermarks;
        base::StopToken stop;
        Interrupter interrupter(stop);
        EXPECT_THROW(sync::run(m_up->endpoint(), m_down->endpoint(), options, interrupter, stop),
                     base::Interrupted);
    }

    MemoryWatermarks m_watermarks;
};

} // namespace slicetool::test
