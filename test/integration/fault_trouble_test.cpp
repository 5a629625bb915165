#include "integration/fault_fixture.hpp"
#include "integration/server_setting.hpp"

#include <future>
#include <list>
#include <thread>

/// Trap 27: locks and limits on downstream, and the servers' short patience.
namespace slicetool::test {
namespace {

/// A user without the administrator's extra connection.
class OrdinaryUser
{
public:
    explicit OrdinaryUser(const ScratchDatabase& database)
        : m_database(database), m_endpoint(database.endpoint())
    {
        m_endpoint.user = "slicetool_ordinary";
        m_endpoint.name = m_endpoint.url();
        m_database.run({"DROP USER IF EXISTS slicetool_ordinary@localhost",
                        "CREATE USER slicetool_ordinary@localhost",
                        fmt::format("GRANT ALL ON {}.* TO slicetool_ordinary@localhost",
                                    m_endpoint.database)});
    }
    OrdinaryUser(const OrdinaryUser&) = delete;
    OrdinaryUser& operator=(const OrdinaryUser&) = delete;
    ~OrdinaryUser() { m_database.run({"DROP USER slicetool_ordinary@localhost"}); }

    const base::Endpoint& endpoint() const { return m_endpoint; }

private:
    const ScratchDatabase& m_database;
    base::Endpoint m_endpoint;
};

/// Holds every connection that the server has for ordinary users.
class AllConnections
{
public:
    AllConnections(const ScratchDatabase& database, const base::Endpoint& user)
        : m_few(database.open(db::Role::reader), "max_connections", "10")
    {
        constexpr int k_too_many_connections = 1040;
        for (;;) {
            try {
                m_held.push_back(db::Session::open(user, db::Role::reader));
            } catch (const db::Error& full) {
                EXPECT_EQ(full.number(), k_too_many_connections) << full.what();
                return;
            }
        }
    }

private:
    ServerSetting m_few;
    std::vector<db::Session> m_held;
};

class Trap27 : public PeopleTest
{
protected:
    /// Another writer, in the midst of a transaction in which it has changed row 71.
    std::unique_ptr<db::Session> writer_of_row_71() const
    {
        auto writer = std::make_unique<db::Session>(m_down->open(db::Role::writer));
        writer->execute("begin", "START TRANSACTION");
        writer->execute("lock", "UPDATE people SET age = age + 1 WHERE id = 71");
        return writer;
    }

    std::string log_path() const { return m_folder.path() + "/log"; }
    bool log_says(const std::string& text) const
    {
        return m_folder.read("log").find(text) != std::string::npos;
    }

    TemporaryFolder m_folder;
    std::future<void> m_rolls_back;
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap27, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Trap27, ALockWaitThatEndsIsTriedAgain)
{
    collect_states();
    damage_again();
    const ServerSetting patience(m_down->open(db::Role::reader), "innodb_lock_wait_timeout", "1");
    auto writer = writer_of_row_71();
    Process tool(words_with({"--log-file", log_path()}));
    EXPECT_TRUE(becomes_true([&] { return log_says("Trying the batch again (1 of"); }));
    EXPECT_TRUE(log_says("ock wait timeout"));
    writer.reset(); // the server rolls back
    const Ended ended = tool.wait();
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    expect_safe("lock wait timeout, then free", "batch_begun", ended);
}

TEST_P(Trap27, ALockThatIsNeverFreedEndsTheTableInASentence)
{
    collect_states();
    damage_again();
    const ServerSetting patience(m_down->open(db::Role::reader), "innodb_lock_wait_timeout", "1");
    auto writer = writer_of_row_71();
    const Ended ended = Process(slice_words()).wait();
    EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
    expect_said(ended, "ock wait timeout");
    expect_said(ended, m_down->endpoint().socket);
    writer.reset();
    expect_safe("lock wait timeout for good", "batch_begun", ended);
}

TEST_P(Trap27, ADeadlockIsTriedAgain)
{
    collect_states();
    damage_again();
    m_down->run({"CREATE TABLE ballast LIKE people"});
    db::Session writer = m_down->open(db::Role::writer);
    std::future<void> waits;
    const Ended ended =
        with_stop_at("batch_deleted", words_with({"--log-file", log_path()}), [&](const Process&) {
            writer.execute("begin", "START TRANSACTION");
            // The server undoes the transaction that changed less: the tool's.
            writer.execute("be heavy", "INSERT INTO ballast SELECT * FROM damaged");
            writer.execute("lock what the tool wants",
                           "INSERT INTO people VALUES (2001,2001,'',0)");
            waits = std::async(std::launch::async, [&] {
                const db::ThreadGuard guard;
                writer.execute("want what the tool has", "UPDATE people SET age = 0 WHERE id = 71");
            });
            db::Session watcher = m_down->open(db::Role::reader);
            EXPECT_TRUE(becomes_true([&] {
                // Whoever reads INNODB_TRX more often than every 100 ms reads the same again.
                std::this_thread::sleep_for(std::chrono::milliseconds(120));
                return watcher
                           .query_value("ask", "SELECT COUNT(*) FROM information_schema.INNODB_TRX "
                                               "WHERE trx_state = 'LOCK WAIT'")
                           .value() != "0";
            }));
            // It waits for what the stopped tool holds, and lets go when it has lost or won.
            m_rolls_back = std::async(std::launch::async, [&] {
                const db::ThreadGuard guard;
                try {
                    waits.get();
                } catch (const db::Error& failure) {
                    ADD_FAILURE() << "the deadlock hit the other writer: " << failure.what();
                }
                writer.execute("undo", "ROLLBACK");
            });
        });
    m_rolls_back.get();
    EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
    EXPECT_TRUE(log_says("Trying the batch again (1 of"));
    EXPECT_TRUE(log_says("Deadlock found"));
    expect_safe("deadlock", "batch_deleted", ended);
}

TEST_P(Trap27, AServersShortPatienceDoesNotConcernOurSessions)
{
    collect_states();
    for (const char* stage : {"parts_compared", "batch_inserted", "bulk_streaming"}) {
        SCOPED_TRACE(stage);
        damage_again();
        std::list<ServerSetting> short_patience;
        for (const auto* database : {m_up.get(), m_down.get()}) {
            for (const char* variable : {"wait_timeout", "net_read_timeout", "net_write_timeout"})
                short_patience.emplace_back(database->open(db::Role::reader), variable, "2");
        }
        const Ended ended = with_stop_at(stage, slice_words(), [&](const Process&) {
            for (const auto* database : {m_up.get(), m_down.get()}) {
                db::Session watcher = database->open(db::Role::reader);
                EXPECT_TRUE(becomes_true([&] {
                    return watcher
                               .query_value("ask",
                                            "SELECT COUNT(*) FROM information_schema.PROCESSLIST "
                                            "WHERE DB = DATABASE() AND ID <> CONNECTION_ID() AND "
                                            "TIME >= 4")
                               .value() != "0";
                }));
            }
        });
        EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
        expect_safe("wait_timeout=2", stage, ended);
        if (!every_fault())
            break;
    }
}

TEST_P(Trap27, NoFreeConnectionIsSaidAndNothingIsTouched)
{
    collect_states();
    const OrdinaryUser user(*m_down);
    const auto words = slice_words(m_up->endpoint().url(), user.endpoint().url());
    damage_again();
    {
        const AllConnections held(*m_down, user.endpoint());
        const Ended ended = Process(words).wait();
        EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
        expect_said(ended, "Too many connections");
        expect_said(ended, "Wait until connections are free");
        expect_said(ended, user.endpoint().socket);
    }
    EXPECT_EQ(rows_of(*m_down) == m_before, true);
    {
        std::unique_ptr<AllConnections> held;
        const Ended ended = with_stop_at("batch_inserted", words, [&](const Process&) {
            kill_connections(*m_down);
            held = std::make_unique<AllConnections>(*m_down, user.endpoint());
        });
        EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
        expect_said(ended, "Too many connections");
        held.reset();
        expect_safe("max_connections reached", "batch_inserted", ended);
    }
}

} // namespace
} // namespace slicetool::test
