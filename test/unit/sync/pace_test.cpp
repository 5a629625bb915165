#include "sync/pace.hpp"

#include <chrono>
#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace std::chrono_literals;

/// A pace without limits on servers asks none.
class PaceTest : public testing::Test
{
protected:
    class Silent : public report::Reporter
    {
    public:
        void run_started(const report::RunInfo&) override {}
        void table_started(const std::string&, std::uint64_t) override {}
        void table_progress(const std::string&, const report::Progress&) override {}
        void note(const std::string&, report::Severity, const std::string&) override {}
        void difference(const std::string&, const report::Difference&) override {}
        void table_finished(const report::TableResult&) override {}
        void schema_result(const report::SchemaResult&) override {}
        void run_finished(const report::RunResult&) override {}
    };

    static LoadLimits half_a_second()
    {
        LoadLimits limits;
        limits.chunk_time = 500ms;
        return limits;
    }

    Silent m_reporter;
    base::StopToken m_stop;
    Pace m_pace{half_a_second(), {}, {}, m_reporter, m_stop};
};

TEST_F(PaceTest, AChunkHasAsManyRowsAsTakeTheTime)
{
    m_pace.took(100'000, 1s);
    EXPECT_NEAR(static_cast<double>(m_pace.chunk_rows()), 50'000, 1);
}

TEST_F(PaceTest, AChunkFollowsRowsThatTakeLonger)
{
    m_pace.took(100'000, 1s);
    for (int times = 0; times < 20; ++times)
        m_pace.took(100, 1s);
    EXPECT_LT(m_pace.chunk_rows(), 60U);
}

TEST_F(PaceTest, AnEmptyChunkSaysNothing)
{
    const auto before = m_pace.chunk_rows();
    m_pace.took(0, 10s);
    EXPECT_EQ(m_pace.chunk_rows(), before);
}

TEST_F(PaceTest, AChunkHasAtLeastARow)
{
    m_pace.took(1, 1h);
    EXPECT_EQ(m_pace.chunk_rows(), 1U);
}

} // namespace
} // namespace slicetool::sync
