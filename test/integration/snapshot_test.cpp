#include "integration/own_server.hpp"
#include "sync/snapshot.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

/// How MariaDB's readers come to one snapshot without the global read lock, and when they must not.
namespace slicetool::test {
namespace {

using testing::HasSubstr;

class SharedPosition : public testing::Test
{
protected:
    void SetUp() override
    {
        if (wanted_server("SLICETOOL_TEST_MARIADB_A") == nullptr)
            GTEST_SKIP() << "SLICETOOL_TEST_MARIADB_A is not set";
    }

    /// A server with a binary log, and a reader there who may not lock it, with such privileges.
    void start(std::vector<std::string> options, const std::string& privileges)
    {
        options.insert(options.begin(), {"--log-bin", "--server-id=21"});
        m_server = std::make_unique<OwnServer>("mariadb", options);
        m_database = std::make_unique<ScratchDatabase>(m_server->url(), "position");
        m_database->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY)", "INSERT INTO t VALUES (1)",
                         "CREATE USER reader@localhost",
                         fmt::format("GRANT SELECT ON {}.* TO reader@localhost",
                                     sql::quote_identifier(m_database->endpoint().database))});
        if (!privileges.empty())
            m_database->run({fmt::format("GRANT {} ON *.* TO reader@localhost", privileges)});
    }

    /// It has a source, if only by name.
    void make_replica() const
    {
        m_database->run({"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, "
                         "MASTER_USER = 'nobody', MASTER_PASSWORD = ''"});
    }

    sync::Snapshot open_two() const
    {
        base::Endpoint endpoint = m_database->endpoint();
        endpoint.user = "reader";
        endpoint.name = endpoint.url();
        return sync::open_snapshot(endpoint, 2);
    }

    void expect_shared() const
    {
        const auto snapshot = open_two();
        EXPECT_EQ(snapshot.readers.size(), 2U) << snapshot.weakness;
        EXPECT_THAT(snapshot.description, HasSubstr("position of the binary log"));
    }

    void expect_one_reader() const
    {
        const auto snapshot = open_two();
        EXPECT_EQ(snapshot.readers.size(), 1U) << snapshot.description;
        EXPECT_THAT(snapshot.weakness, HasSubstr("one reader is used instead"));
    }

    std::unique_ptr<OwnServer> m_server;
    std::unique_ptr<ScratchDatabase> m_database;
};

TEST_F(SharedPosition, IsUsedWhereTheLogHasEveryChange)
{
    start({}, "BINLOG MONITOR, REPLICA MONITOR");
    expect_shared();
}

TEST_F(SharedPosition, IsUsedOnAReplicaThatLogsWhatItApplies)
{
    start({"--log-slave-updates"}, "BINLOG MONITOR");
    make_replica();
    expect_shared();
}

TEST_F(SharedPosition, IsNotUsedOnAReplicaThatAppliesWithoutLogging)
{
    start({}, "BINLOG MONITOR, REPLICA MONITOR");
    make_replica();
    expect_one_reader();
}

TEST_F(SharedPosition, IsNotUsedWhereTheLogLeavesDatabasesOut)
{
    start({"--log-slave-updates", "--binlog-ignore-db=elsewhere"}, "BINLOG MONITOR");
    expect_one_reader();
}

TEST_F(SharedPosition, IsNotUsedWhereTheUserMayNotAskWhatTheLogHas)
{
    start({"--log-slave-updates"}, "");
    expect_one_reader();
}

} // namespace
} // namespace slicetool::test
