#include "integration/balancing_proxy.hpp"
#include "integration/slice_fixture.hpp"
#include "sync/same_server.hpp"

#include <functional>
#include <gmock/gmock.h>

/// Addresses that lead to one server now and to another one then: balancers, failovers.
namespace slicetool::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// The same database on two servers of a family; only the second one's row 7 is another.
class BalancedAddress : public testing::TestWithParam<std::string>
{
protected:
    void SetUp() override
    {
        const std::string family = "SLICETOOL_TEST_" + GetParam();
        const char* a = wanted_server(family + "_A_TCP");
        const char* b = wanted_server(family + "_B_TCP");
        if (a == nullptr || b == nullptr)
            GTEST_SKIP() << family << "_A_TCP or " << family << "_B_TCP is not set";
        m_a = std::make_unique<ScratchDatabase>(a, "balanced");
        m_b = std::make_unique<ScratchDatabase>(b, "balanced");
        m_other = std::make_unique<ScratchDatabase>(a, "fixed");
        for (const auto* database : {&m_a, &m_b, &m_other})
            (*database)->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))",
                              "INSERT INTO t VALUES (1,'a'), (2,'b'), (7,'here')"});
        m_b->run({"UPDATE t SET v = 'there' WHERE id = 7"});
    }

    /// Connections one after another lead to these servers: 0 is the first, 1 the second.
    base::Endpoint balanced(const std::vector<int>& servers)
    {
        std::vector<std::uint16_t> ports;
        for (const int server : servers)
            ports.push_back((server == 0 ? m_a : m_b)->endpoint().port);
        m_proxy = std::make_unique<BalancingProxy>(ports);
        base::Endpoint endpoint = m_a->endpoint();
        endpoint.host = "127.0.0.1";
        endpoint.port = m_proxy->port();
        endpoint.tls.mode = base::TlsMode::disabled; // the proxy reads along
        endpoint.name = endpoint.url();
        return endpoint;
    }

    /// The sentence that ends the run; empty when it goes through.
    std::string end_of_run(sync::Mode mode, const base::Endpoint& upstream,
                           const base::Endpoint& downstream, sync::RunOptions options = {})
    {
        options.command = mode == sync::Mode::make_equal ? "slice" : "verify";
        options.mode = mode;
        try {
            sync::run(upstream, downstream, options, m_seen, m_stop);
        } catch (const sync::OtherServer& failure) {
            return failure.what();
        }
        return "";
    }

    static sync::RunOptions with_jobs(std::size_t jobs)
    {
        sync::RunOptions options;
        options.jobs = jobs;
        return options;
    }

    static std::string identity(const ScratchDatabase& database)
    {
        return database.open(db::Role::reader).server().identity;
    }

    /// The address, both servers, and what to do.
    auto names_both(const base::Endpoint& endpoint) const
    {
        return AllOf(HasSubstr(endpoint.describe()), HasSubstr(identity(*m_a)),
                     HasSubstr(identity(*m_b)), HasSubstr("Name one server"));
    }

    static std::string row_7(const ScratchDatabase& database)
    {
        return database.open(db::Role::reader)
            .query_value("ask", "SELECT v FROM t WHERE id = 7")
            .value_or("");
    }

    std::unique_ptr<ScratchDatabase> m_a;
    std::unique_ptr<ScratchDatabase> m_b;
    std::unique_ptr<ScratchDatabase> m_other;
    std::unique_ptr<BalancingProxy> m_proxy;
    RunRecorder m_seen;
    base::StopToken m_stop;
};

INSTANTIATE_TEST_SUITE_P(Families, BalancedAddress, testing::Values("MARIADB", "MYSQL"),
                         [](const auto& param_info) { return param_info.param; });

TEST_P(BalancedAddress, ReadersOfOneRunAreOnOneServer)
{
    const auto upstream = balanced({0, 1});
    EXPECT_THAT(end_of_run(sync::Mode::compare, upstream, m_other->endpoint(), with_jobs(2)),
                names_both(upstream));
}

TEST_P(BalancedAddress, TheReadLockIsTakenWhereTheReadersAre)
{
    const auto upstream = balanced({0, 0, 1});
    EXPECT_THAT(end_of_run(sync::Mode::compare, upstream, m_other->endpoint(), with_jobs(2)),
                names_both(upstream));
}

TEST_P(BalancedAddress, SessionsDownstreamAreOnOneServer)
{
    const auto downstream = balanced({0, 1});
    EXPECT_THAT(end_of_run(sync::Mode::compare, m_other->endpoint(), downstream, with_jobs(2)),
                names_both(downstream));
}

TEST_P(BalancedAddress, TheRunsLockIsTakenOnTheServerThatIsWrittenTo)
{
    m_other->run({"UPDATE t SET v = 'new' WHERE id = 7"});
    const auto downstream = balanced({0, 1});
    EXPECT_THAT(end_of_run(sync::Mode::make_equal, m_other->endpoint(), downstream),
                names_both(downstream));
    EXPECT_EQ(row_7(*m_a), "here");
    EXPECT_EQ(row_7(*m_b), "there");
}

TEST_P(BalancedAddress, ALaterLookIsAtTheServersOfTheFirst)
{
    m_other->run({"UPDATE t SET v = 'there' WHERE id = 7"});
    const auto upstream = balanced({0, 1});
    sync::RunOptions options;
    options.rechecks = 1;
    EXPECT_THAT(end_of_run(sync::Mode::compare, upstream, m_other->endpoint(), options),
                names_both(upstream));
}

TEST_P(BalancedAddress, AWriterIsNotReopenedOnAnotherServer)
{
    m_other->run({"UPDATE t SET v = 'new' WHERE id = 7"});
    const auto downstream = balanced({0, 0, 1});
    m_proxy->hang_up_at("INSERT INTO");
    EXPECT_THAT(end_of_run(sync::Mode::make_equal, m_other->endpoint(), downstream),
                names_both(downstream));
    EXPECT_EQ(m_proxy->connections(), 3U);
    EXPECT_EQ(m_seen.tables.at("t").outcome, report::Outcome::failed);
    EXPECT_EQ(row_7(*m_a), "here");
    EXPECT_EQ(row_7(*m_b), "there");
}

TEST_P(BalancedAddress, OneServerBehindItIsAsGoodAsItsOwn)
{
    m_other->run({"UPDATE t SET v = 'new' WHERE id = 7"});
    const auto downstream = balanced({0});
    m_proxy->hang_up_at("INSERT INTO");
    EXPECT_EQ(end_of_run(sync::Mode::make_equal, m_other->endpoint(), downstream), "");
    EXPECT_EQ(m_seen.tables.at("t").outcome, report::Outcome::made_equal)
        << m_seen.tables.at("t").reason;
    EXPECT_EQ(row_7(*m_a), "new");
}

} // namespace
} // namespace slicetool::test
