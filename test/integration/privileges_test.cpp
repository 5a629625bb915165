#include "integration/traps_fixture.hpp"

#include <map>

/// Each command with exactly the privileges that docs/privileges.md names, and with each of them
/// missing: then the message holds the GRANT that helps, and nothing was written.
namespace slicetool::test {
namespace {

using testing::HasSubstr;

const std::string k_password = "it's \"geheim\" 73";

/// A user on one side, with grants that are given one by one.
class LimitedUser
{
public:
    explicit LimitedUser(const ScratchDatabase& database) : m_database(database)
    {
        m_name = "slicetool_" + std::to_string(::getpid());
        m_database.run(
            {"DROP USER IF EXISTS " + account(),
             "CREATE USER " + account() + " IDENTIFIED BY " + sql::quote_string(k_password)});
    }
    LimitedUser(const LimitedUser&) = delete;
    LimitedUser& operator=(const LimitedUser&) = delete;
    ~LimitedUser() { m_database.run({"DROP USER IF EXISTS " + account()}); }

    std::string account() const { return "`" + m_name + "`@`localhost`"; }
    const std::string& database() const { return m_database.endpoint().database; }

    void may(const std::string& privileges, const std::string& object) const
    {
        m_database.run({fmt::format("GRANT {} ON {} TO {}", privileges, object, account())});
    }
    void may_not(const std::string& privileges, const std::string& object) const
    {
        m_database.run({fmt::format("REVOKE {} ON {} FROM {}", privileges, object, account())});
    }
    /// Runs the GRANT that stands in a message, as an administrator would.
    void obey(const std::string& message) const
    {
        const auto from = message.find("GRANT ");
        ASSERT_NE(from, std::string::npos) << message;
        const auto to = message.find(account(), from);
        ASSERT_NE(to, std::string::npos) << message;
        m_database.run({message.substr(from, to + account().size() - from)});
    }

    base::Endpoint endpoint() const
    {
        base::Endpoint endpoint = m_database.endpoint();
        endpoint.user = m_name;
        endpoint.password = k_password;
        endpoint.name = endpoint.url();
        return endpoint;
    }

private:
    const ScratchDatabase& m_database;
    std::string m_name;
};

class Privileges : public TrapTest
{
protected:
    void SetUp() override
    {
        TrapTest::SetUp();
        if (m_up == nullptr)
            return;
        m_reader = std::make_unique<LimitedUser>(*m_up);
        m_writer = std::make_unique<LimitedUser>(*m_down);
        m_table = "`" + m_down->endpoint().database + "`.`t`";
    }

    void TearDown() override
    {
        m_reader.reset();
        m_writer.reset();
    }

    void make_tables() const
    {
        on_both({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(20))",
                 "INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three')"});
        m_down->run({"DELETE FROM t WHERE id = 1", "UPDATE t SET v = 'zwei' WHERE id = 2",
                     "INSERT INTO t VALUES (4, 'four')"});
    }

    void may_read_upstream() const { m_reader->may("SELECT", "`" + m_reader->database() + "`.*"); }

    /// What a slice of downstream needs: docs/privileges.md. MariaDB shows triggers to all.
    std::vector<std::string> needed_downstream() const
    {
        std::vector<std::string> needed = {"SELECT", "INSERT", "DELETE"};
        if (!downstream_is_mariadb())
            needed.emplace_back("TRIGGER");
        return needed;
    }

    /// Exit status; what was said is in m_said.
    int run_as_users(sync::Mode mode)
    {
        m_seen = std::make_unique<RunRecorder>();
        m_said.clear();
        sync::RunOptions options;
        options.command = mode == sync::Mode::compare ? "verify" : "slice";
        options.mode = mode;
        try {
            const auto summary =
                sync::run(m_reader->endpoint(), m_writer->endpoint(), options, *m_seen, m_stop);
            for (const auto& [name, told] : m_seen->tables)
                m_said += told.reason + "\n";
            for (const auto& note : m_seen->notes)
                m_said += note + "\n";
            return summary.exit_status();
        } catch (const base::Error& failure) {
            m_said = failure.what();
            return 2;
        }
    }

    int pull_as_users(sync::PullSchemaOptions options = {})
    {
        m_told = std::make_unique<RecordingReporter>();
        m_said.clear();
        try {
            db::Session upstream = db::Session::open(m_reader->endpoint(), db::Role::reader);
            db::Session downstream = db::Session::open(m_writer->endpoint(), db::Role::writer);
            const auto summary = sync::pull_schema(upstream, downstream, options, *m_told);
            m_said = m_told->text();
            return summary.exit_status();
        } catch (const base::Error& failure) {
            m_said = failure.what();
            return 2;
        }
    }

    std::unique_ptr<LimitedUser> m_reader;
    std::unique_ptr<LimitedUser> m_writer;
    std::string m_table;
    std::string m_said;
};

INSTANTIATE_TEST_SUITE_P(Pairings, Privileges, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Privileges, VerifyNeedsToReadBothSides)
{
    make_tables();
    may_read_upstream();
    m_writer->may("SELECT", m_table);
    EXPECT_EQ(run_as_users(sync::Mode::compare), 1) << m_said;
}

TEST_P(Privileges, SliceNeedsTheseAndNoOther)
{
    make_tables();
    may_read_upstream();
    for (const auto& privilege : needed_downstream())
        m_writer->may(privilege, m_table);
    EXPECT_EQ(run_as_users(sync::Mode::make_equal), 0) << m_said;
    EXPECT_EQ(dump(*m_up, "t"), dump(*m_down, "t"));
}

TEST_P(Privileges, SliceNamesEachThatIsMissingBeforeItWrites)
{
    make_tables();
    may_read_upstream();
    const auto before = dump(*m_down, "t");
    for (const auto& missing : needed_downstream()) {
        SCOPED_TRACE(missing);
        for (const auto& privilege : needed_downstream())
            m_writer->may(privilege, m_table);
        m_writer->may_not(missing, m_table);
        EXPECT_EQ(run_as_users(sync::Mode::make_equal), 2);
        EXPECT_THAT(m_said, HasSubstr(fmt::format("GRANT {} ON {} TO {}", missing, m_table,
                                                  m_writer->account())));
        EXPECT_EQ(dump(*m_down, "t"), before);
        m_writer->obey(m_said);
    }
    EXPECT_EQ(run_as_users(sync::Mode::make_equal), 0) << m_said;
}

TEST_P(Privileges, WhatIsGrantedMoreWidelyIsEnough)
{
    make_tables();
    may_read_upstream();
    m_writer->may("SELECT, INSERT, DELETE, TRIGGER", "*.*");
    EXPECT_EQ(run_as_users(sync::Mode::make_equal), 0) << m_said;
}

TEST_P(Privileges, WithoutAnyOnTheDatabaseTheGrantIsNamed)
{
    make_tables();
    m_writer->may("SELECT", m_table);
    EXPECT_EQ(run_as_users(sync::Mode::compare), 2);
    EXPECT_THAT(m_said, HasSubstr("GRANT SELECT ON "));
    m_reader->obey(m_said);
    EXPECT_EQ(run_as_users(sync::Mode::compare), 1) << m_said;
}

TEST_P(Privileges, ATableThatMayNotBeSeenIsNamedWithItsGrant)
{
    make_tables();
    m_up->run({"CREATE TABLE seen (id INT PRIMARY KEY)"});
    m_down->run({"CREATE TABLE seen (id INT PRIMARY KEY)"});
    m_reader->may("SELECT", "`" + m_reader->database() + "`.`seen`");
    m_writer->may("SELECT", m_table);
    m_seen = std::make_unique<RunRecorder>();
    sync::RunOptions options = only("t");
    options.mode = sync::Mode::compare;
    try {
        sync::run(m_reader->endpoint(), m_writer->endpoint(), options, *m_seen, m_stop);
        ADD_FAILURE() << "compared what cannot be seen";
    } catch (const base::UsageError& failure) {
        EXPECT_THAT(failure.what(), HasSubstr("GRANT SELECT ON"));
        m_reader->obey(failure.what());
    }
    EXPECT_EQ(sync::run(m_reader->endpoint(), m_writer->endpoint(), options, *m_seen, m_stop)
                  .exit_status(),
              1);
}

TEST_P(Privileges, AColumnThatMayNotBeReadIsNamed)
{
    make_tables();
    m_reader->may("SELECT (id)", "`" + m_reader->database() + "`.`t`");
    m_writer->may("SELECT", m_table);
    EXPECT_EQ(run_as_users(sync::Mode::compare), 2);
    EXPECT_THAT(m_said, HasSubstr("GRANT SELECT ON"));
    m_reader->obey(m_said);
    EXPECT_EQ(run_as_users(sync::Mode::compare), 1) << m_said;
}

TEST_P(Privileges, PullSchemaNeedsToCreate)
{
    m_up->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY)"});
    may_read_upstream();
    const std::string all = "`" + m_writer->database() + "`.*";
    m_writer->may("SELECT", all);
    EXPECT_EQ(pull_as_users(), 2);
    EXPECT_THAT(m_said, HasSubstr("GRANT CREATE ON " + m_table));
    m_writer->obey(m_said);
    EXPECT_EQ(pull_as_users(), 0) << m_said;
}

TEST_P(Privileges, PullSchemaAlterNeedsToAlter)
{
    m_up->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT, KEY by_v (v))"});
    m_down->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY)"});
    may_read_upstream();
    m_writer->may("SELECT", m_table);
    sync::PullSchemaOptions options;
    options.alter = true;
    EXPECT_EQ(pull_as_users(options), 2);
    EXPECT_THAT(m_said, HasSubstr("GRANT ALTER"));
    for (int attempt = 0; attempt < 3 && pull_as_users(options) == 2; ++attempt)
        m_writer->obey(m_said);
    EXPECT_EQ(pull_as_users(options), 0) << m_said;
}

TEST_P(Privileges, RecreatingDropsNothingThatCouldNotBeCreated)
{
    m_up->run({"CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY)"});
    m_down->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY)", "INSERT INTO t VALUES (7)"});
    may_read_upstream();
    m_writer->may("SELECT, DROP", m_table);
    sync::PullSchemaOptions options;
    options.recreate = {"t"};
    EXPECT_EQ(pull_as_users(options), 2);
    EXPECT_THAT(m_said, HasSubstr("GRANT CREATE ON " + m_table));
    EXPECT_EQ(ask(*m_down, "SELECT id FROM t"), std::vector<std::string>{"7 "});
    m_writer->obey(m_said);
    EXPECT_EQ(pull_as_users(options), 0) << m_said;
}

/// The trigger is there, and its owner's privilege is not: writing would fire what is not seen.
TEST_P(Privileges, TriggersThatCannotBeSeenAreNotFired)
{
    make_tables();
    m_down->run(
        {"CREATE TABLE log (id INT)",
         "CREATE TRIGGER noisy BEFORE INSERT ON t FOR EACH ROW INSERT INTO log VALUES (1)"});
    may_read_upstream();
    m_writer->may("SELECT, INSERT, DELETE", m_table);
    EXPECT_EQ(run_as_users(sync::Mode::make_equal), 2) << m_said;
    EXPECT_THAT(m_said, HasSubstr("--allow-triggers"));
    EXPECT_THAT(m_said, HasSubstr(downstream_is_mariadb() ? "noisy" : "GRANT TRIGGER ON"));
    EXPECT_TRUE(ask(*m_down, "SELECT * FROM log").empty());
}

} // namespace
} // namespace slicetool::test
