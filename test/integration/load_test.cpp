#include "db/replica.hpp"
#include "integration/fault_proxy.hpp"
#include "integration/own_server.hpp"
#include "integration/traps_fixture.hpp"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <thread>

/// What a run asks of the servers: it rests while they have more to do than the user allows.
namespace slicetool::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Runs something when the run says that it pauses.
class WhenPaused : public RunRecorder
{
public:
    explicit WhenPaused(std::function<void()> act) : m_act(std::move(act)) {}
    void note(const std::string& table, report::Severity severity,
              const std::string& sentence) override
    {
        RunRecorder::note(table, severity, sentence);
        if (sentence.starts_with("Paused") || sentence.starts_with("Resumed"))
            told.push_back(sentence);
        if (sentence.starts_with("Paused"))
            m_act();
    }

    std::vector<std::string> told;

private:
    std::function<void()> m_act;
};

sync::RunOptions slice_within(sync::LoadLimits limits)
{
    sync::RunOptions options;
    options.command = "slice";
    options.mode = sync::Mode::make_equal;
    options.tables.push_back({"t", {}, std::nullopt, ""});
    options.load = std::move(limits);
    return options;
}

class Load : public TrapTest
{
protected:
    void SetUp() override
    {
        TrapTest::SetUp();
        if (m_up == nullptr)
            return;
        on_both({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))"});
        m_up->run(numbered("t", 1000));
    }

    std::size_t rows_downstream() const { return dump(*m_down, "t").size(); }

    /// Slices within the limits. At the first pause downstream must be as it was; then `act` runs.
    void expect_pause(sync::LoadLimits limits, const std::string& reason,
                      const std::function<void()>& act)
    {
        WhenPaused seen([&] {
            EXPECT_EQ(rows_downstream(), 0);
            act();
        });
        sync::run(m_up->endpoint(), m_down->endpoint(), slice_within(std::move(limits)), seen,
                  m_stop);
        EXPECT_THAT(seen.told, ElementsAre(HasSubstr(reason), StartsWith("Resumed after ")));
        expect_equal("t");
    }
};

TEST_P(Load, ARunPausesWhileThePauseFileIsThere)
{
    const TemporaryFolder folder;
    sync::LoadLimits limits;
    limits.pause_file = folder.path() + "/pause";
    std::ofstream(limits.pause_file) << "backup under way\n";
    expect_pause(limits, "Paused: there is the file " + limits.pause_file,
                 [&] { std::filesystem::remove(limits.pause_file); });
}

TEST_P(Load, ARunPausesWhileAServerShowsMoreThanIsAllowed)
{
    auto other = std::make_unique<db::Session>(m_down->open(db::Role::reader));
    for (int at = 0; at < 3; ++at)
        other->execute("prepare", fmt::format("PREPARE s{} FROM 'SELECT 1'", at));
    sync::LoadLimits limits;
    limits.max_load = {{"prepared_stmt_count", 2}};
    expect_pause(limits, "Prepared_stmt_count 3, more than 2", [&] { other.reset(); });
}

TEST_P(Load, AServerIsAskedOnANewConnectionWhenTheOldOneIsLost)
{
    sync::LoadLimits limits;
    limits.max_load = {{"Threads_running", 1'000'000}};
    WhenPaused seen([] {});
    sync::Pace pace(limits, m_up->endpoint(), m_down->endpoint(), seen, m_stop);
    pace.rest();
    for (const auto* database : {m_up.get(), m_down.get()}) {
        const auto numbers =
            ask(*database, "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() "
                           "AND ID <> CONNECTION_ID()");
        ASSERT_EQ(numbers.size(), 1U);
        database->run({"KILL CONNECTION " + numbers.front()});
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // it asks once a second
    pace.rest();
    EXPECT_THAT(seen.told, ElementsAre());
}

TEST_P(Load, APausedRunCanBeStopped)
{
    sync::LoadLimits limits;
    limits.max_load = {{"Threads_running", 0}}; // whoever asks runs
    WhenPaused seen([&] { m_stop.request_stop(); });
    EXPECT_THROW(
        sync::run(m_up->endpoint(), m_down->endpoint(), slice_within(limits), seen, m_stop),
        base::Interrupted);
    EXPECT_EQ(rows_downstream(), 0);
}

TEST_P(Load, AStatusVariableThatAServerLacksEndsTheRunBeforeAnythingIsWritten)
{
    sync::LoadLimits limits;
    limits.max_load = {{"Threads_runing", 25}};
    sync::RunOptions options = slice_within(limits);
    EXPECT_THAT([&] { run(options); },
                testing::ThrowsMessage<base::UsageError>(HasSubstr("Threads_runing")));
    EXPECT_EQ(rows_downstream(), 0);
}

TEST_P(Load, AServerThatIsNoReplicaHasNoLagToBeKept)
{
    sync::LoadLimits limits;
    limits.max_lag = std::chrono::seconds(10);
    limits.replicas = {m_down->endpoint()};
    EXPECT_THAT([&] { run(slice_within(limits)); },
                testing::ThrowsMessage<base::UsageError>(HasSubstr("is no replica")));
}

TEST_P(Load, RowsAreCopiedAndDeletedNoFasterThanTheRateSays)
{
    using Clock = std::chrono::steady_clock;
    sync::LoadLimits limits;
    limits.rows_per_second = 1000;
    auto start = Clock::now();
    ASSERT_EQ(run(slice_within(limits)).made_equal, 1); // 1,000 rows behind the last key
    EXPECT_GE(Clock::now() - start, std::chrono::seconds(1));

    m_down->run({"UPDATE t SET v = 'changed' WHERE id % 2 = 0"});
    start = Clock::now();
    ASSERT_EQ(run(slice_within(limits)).made_equal, 1); // 500 rows in batches
    EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(500));
    expect_equal("t");
}

TEST_P(Load, BytesAreCopiedNoFasterThanTheRateSays)
{
    m_up->run({"UPDATE t SET v = REPEAT('x', 20)"}); // 20,000 bytes and the keys
    sync::LoadLimits limits;
    limits.bytes_per_second = 40'000;
    const auto start = std::chrono::steady_clock::now();
    ASSERT_EQ(run(slice_within(limits)).made_equal, 1);
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
}

/// A way of writing 600 rows of t.
struct Way
{
    const char* name;
    bool has_key;
    std::vector<std::string> upstream;   ///< what is done before, besides t's 1,000 rows
    std::vector<std::string> downstream; ///< the same, after a slice
    sync::StepKind kind;
};

const std::vector<Way>& ways()
{
    using sync::StepKind;
    static const std::vector<Way> k_ways = {
        {"extra rows of a table with a key",
         true,
         {"DELETE FROM t WHERE id % 5 < 3"},
         {},
         StepKind::sync},
        {"rows of a table without a key",
         false,
         {"UPDATE t SET v = 'new' WHERE id % 10 < 3"},
         {},
         StepKind::sync},
        {"rows by key", true, {}, {"DELETE FROM t WHERE id % 5 < 3"}, StepKind::keys},
        {"all rows", true, {}, {"DELETE FROM t WHERE id > 600"}, StepKind::clear},
        {"rows of a query",
         true,
         {"DELETE FROM t WHERE id > 300"},
         {"DELETE FROM t WHERE id > 300", "UPDATE t SET v = 'old'"},
         StepKind::replace}};
    return k_ways;
}

class LoadOfWays : public Load
{
protected:
    /// t is equal on both sides, then the way's differences are made.
    void prepare(const Way& way)
    {
        on_both({"DROP TABLE t", way.has_key
                                     ? "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))"
                                     : "CREATE TABLE t (id INT NOT NULL, v VARCHAR(20))"});
        on_both(numbered("t", 1000));
        m_up->run(way.upstream);
        m_down->run(way.downstream);
    }

    static sync::RunOptions options_of(const Way& way, sync::LoadLimits limits)
    {
        sync::RunOptions options = slice_within(std::move(limits));
        sync::Step step = sync::sync_step({});
        step.kind = way.kind;
        step.query = way.kind == sync::StepKind::keys ? "SELECT id FROM t" : "SELECT id, v FROM t";
        options.tables.front().steps = {step};
        options.delete_limit.unlimited = true;
        return options;
    }
};

TEST_P(LoadOfWays, EachKeepsToTheRate)
{
    for (const Way& way : ways()) {
        SCOPED_TRACE(way.name);
        prepare(way);
        sync::LoadLimits limits;
        limits.rows_per_second = 1000;
        const auto start = std::chrono::steady_clock::now();
        EXPECT_EQ(run(options_of(way, limits)).exit_status(), 0) << result("t").reason;
        EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(600));
    }
}

/// The pause file comes when the table is begun, so that only a pause within the table finds it.
class PauseWithinTable : public WhenPaused
{
public:
    PauseWithinTable(std::string file, std::function<void()> act)
        : WhenPaused(std::move(act)), m_file(std::move(file))
    {
    }
    void table_started(const std::string& table, std::uint64_t rows) override
    {
        WhenPaused::table_started(table, rows);
        std::ofstream(m_file) << "now\n";
    }

private:
    std::string m_file;
};

TEST_P(LoadOfWays, EachPausesBeforeItWrites)
{
    const TemporaryFolder folder;
    sync::LoadLimits limits;
    limits.pause_file = folder.path() + "/pause";
    for (const Way& way : ways()) {
        SCOPED_TRACE(way.name);
        prepare(way);
        const auto before = dump(*m_down, "t");
        PauseWithinTable seen(limits.pause_file, [&] {
            EXPECT_EQ(dump(*m_down, "t"), before);
            std::filesystem::remove(limits.pause_file);
        });
        sync::run(m_up->endpoint(), m_down->endpoint(), options_of(way, limits), seen, m_stop);
        EXPECT_EQ(seen.told.size(), 2U);
        EXPECT_NE(dump(*m_down, "t"), before);
    }
}

INSTANTIATE_TEST_SUITE_P(Pairings, LoadOfWays, testing::ValuesIn(pairings()), pairing_name);
INSTANTIATE_TEST_SUITE_P(Pairings, Load, testing::ValuesIn(pairings()), pairing_name);

/// A downstream server with a replica of its own.
class ReplicaLag : public testing::TestWithParam<std::string>
{
protected:
    void SetUp() override
    {
        const std::string variable =
            GetParam() == "mariadb" ? "SLICETOOL_TEST_MARIADB_A" : "SLICETOOL_TEST_MYSQL_A";
        if (wanted_server(variable) == nullptr)
            GTEST_SKIP() << variable << " is not set";
        m_primary = std::make_unique<OwnServer>(
            GetParam(), std::vector<std::string>{"--log-bin", "--server-id=11"});
        m_replica =
            std::make_unique<OwnServer>(GetParam(), std::vector<std::string>{"--server-id=12"});
    }

    /// The replica applies what it gets so many seconds later.
    std::vector<std::string> replicate(int delay) const
    {
        if (GetParam() == "mariadb")
            return {"STOP SLAVE",
                    fmt::format("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {}, "
                                "MASTER_USER = 'repl', MASTER_PASSWORD = 'repl', "
                                "MASTER_DELAY = {}",
                                m_primary->port(), delay),
                    "START SLAVE"};
        return {"STOP REPLICA",
                fmt::format("CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', "
                            "SOURCE_PORT = {}, SOURCE_USER = 'repl', SOURCE_PASSWORD = 'repl', "
                            "GET_SOURCE_PUBLIC_KEY = 1, SOURCE_DELAY = {}",
                            m_primary->port(), delay),
                "START REPLICA"};
    }

    /// Both sides on the primary, which the replica follows that many seconds later.
    void make_databases(int delay)
    {
        m_up = std::make_unique<ScratchDatabase>(m_primary->url(), "up");
        m_down = std::make_unique<ScratchDatabase>(m_primary->url(), "down");
        m_mirror = std::make_unique<ScratchDatabase>(m_replica->url(), "mirror");
        m_down->run({"CREATE USER repl@'127.0.0.1' IDENTIFIED BY 'repl'",
                     "GRANT REPLICATION SLAVE ON *.* TO repl@'127.0.0.1'"});
        m_mirror->run(replicate(delay));
        for (const auto* database : {&m_up, &m_down})
            (*database)->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY)"});
        m_up->run({"INSERT INTO t VALUES (1), (2), (3)"});
    }

    /// Until the replica says that it is that far behind.
    template<class Far>
    void wait_until(Far far) const
    {
        db::Session watch = m_mirror->open(db::Role::reader);
        for (int times = 0; times < 300; ++times) {
            if (const auto lag = db::read_replica_state(watch).lag; lag && far(*lag))
                return;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        FAIL() << "the replica does not get there";
    }

    std::unique_ptr<OwnServer> m_primary;
    std::unique_ptr<OwnServer> m_replica;
    std::unique_ptr<ScratchDatabase> m_up;
    std::unique_ptr<ScratchDatabase> m_down;
    std::unique_ptr<ScratchDatabase> m_mirror;
    base::StopToken m_stop;
};

TEST_P(ReplicaLag, ARunPausesWhileAReplicaOfDownstreamLags)
{
    make_databases(3600);
    wait_until([](std::chrono::seconds lag) { return lag >= std::chrono::seconds(2); });
    sync::LoadLimits limits;
    limits.max_lag = std::chrono::seconds(1);
    limits.replicas = {m_mirror->endpoint()};
    WhenPaused seen([&] { m_mirror->run(replicate(0)); });
    const auto summary =
        sync::run(m_up->endpoint(), m_down->endpoint(), slice_within(limits), seen, m_stop);
    EXPECT_EQ(summary.made_equal, 1);
    EXPECT_THAT(seen.told, ElementsAre(HasSubstr("lags by "), StartsWith("Resumed after ")));
}

/// The replica goes when the table is begun.
class GoneWithinTable : public WhenPaused
{
public:
    GoneWithinTable(FaultProxy& replica, std::function<void()> act)
        : WhenPaused(std::move(act)), m_replica(replica)
    {
    }
    void table_started(const std::string& table, std::uint64_t rows) override
    {
        WhenPaused::table_started(table, rows);
        m_replica.strike(Fault::cut);
        std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // it is asked once a second
    }

private:
    FaultProxy& m_replica;
};

TEST_P(ReplicaLag, ARunPausesWhileAReplicaCannotBeReached)
{
    make_databases(0);
    wait_until([](std::chrono::seconds lag) { return lag == std::chrono::seconds(0); });
    FaultProxy proxy(m_replica->port());
    base::Endpoint far = m_mirror->endpoint();
    far.socket.clear();
    far.host = "127.0.0.1";
    far.port = proxy.port();
    far.name = "far";
    sync::LoadLimits limits;
    limits.max_lag = std::chrono::seconds(10);
    limits.replicas = {far};
    GoneWithinTable seen(proxy, [&] { proxy.heal(); });
    const auto summary =
        sync::run(m_up->endpoint(), m_down->endpoint(), slice_within(limits), seen, m_stop);
    EXPECT_EQ(summary.made_equal, 1) << seen.tables["t"].reason;
    EXPECT_THAT(seen.told, ElementsAre(testing::AllOf(StartsWith("Paused: the replica far "),
                                                      HasSubstr(" cannot be reached: ")),
                                       StartsWith("Resumed after ")));
}

INSTANTIATE_TEST_SUITE_P(Families, ReplicaLag, testing::Values("mariadb", "mysql"),
                         [](const auto& family) { return family.param; });

} // namespace
} // namespace slicetool::test
