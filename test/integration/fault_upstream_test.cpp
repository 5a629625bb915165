#include "cli/process.hpp"
#include "integration/fault_proxy.hpp"
#include "integration/traps_fixture.hpp"

#include <csignal>
#include <set>
#include <sstream>

/// Trap 25: upstream goes away in mid-stream. What could not be read must not count as absent.
namespace slicetool::test {
namespace {

constexpr int k_rows = 20'000;

class Trap25 : public TrapTest
{
protected:
    static std::vector<std::string> people()
    {
        std::vector<std::string> rows;
        for (int id = 1; id <= k_rows; ++id)
            rows.push_back(fmt::format("({0},'name {0}',{1},REPEAT('x',60))", id, id % 97));
        auto statements = inserts("people", rows);
        statements.insert(statements.begin(),
                          "CREATE TABLE people (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40) "
                          "NOT NULL, age INT, note VARCHAR(100)) CHARACTER SET utf8mb4");
        return statements;
    }

    /// Scattered changes, a missing run, rows that only downstream has, at many places.
    static std::vector<std::string> damage()
    {
        return {"DELETE FROM people WHERE id BETWEEN 4000 AND 6500 OR id % 13 = 0 OR id > 19000",
                "UPDATE people SET age = age + 1 WHERE id % 7 = 0 OR id BETWEEN 12000 AND 15000",
                "INSERT INTO people SELECT -id, name, age, note FROM people WHERE id % 29 = 1",
                "INSERT INTO people SELECT 1000000 + id, name, age, note FROM people WHERE id % 31 "
                "= 1 AND id > 0"};
    }

    static std::set<std::string> ids(const ScratchDatabase& database)
    {
        const auto rows = ask(database, "SELECT id FROM people");
        return {rows.begin(), rows.end()};
    }

    /// Rows with contents, as (id name age note).
    static std::set<std::string> rows(const ScratchDatabase& database)
    {
        const auto all = ask(database, "SELECT * FROM people");
        return {all.begin(), all.end()};
    }

    /// Each downstream row is as it was or as upstream has it, and no row of upstream's that was
    /// there has gone.
    void expect_unharmed(const std::set<std::string>& ids_before,
                         const std::set<std::string>& rows_before) const
    {
        const auto upstream_ids = ids(*m_up);
        const auto ids_now = ids(*m_down);
        for (const auto& id : ids_before) {
            if (upstream_ids.count(id) != 0) {
                EXPECT_EQ(ids_now.count(id), 1U) << "row " << id << " was deleted downstream";
            }
        }
        const auto upstream_rows = rows(*m_up);
        for (const auto& row : rows(*m_down))
            EXPECT_TRUE(upstream_rows.count(row) != 0 || rows_before.count(row) != 0) << row;
    }

    base::Endpoint upstream_through(const CutProxy& proxy) const
    {
        base::Endpoint endpoint = m_up->endpoint();
        endpoint.socket.clear();
        endpoint.host = "127.0.0.1";
        endpoint.port = proxy.port();
        endpoint.name = "far-away-upstream";
        return endpoint;
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap25, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Trap25, AnUpstreamLostAtAnyByteDeletesNothingThatUpstreamHas)
{
    const auto port = static_cast<std::uint16_t>(std::stoul(ask(*m_up, "SELECT @@port").at(0)));
    CutProxy proxy(port);
    on_both(people());
    m_down->run(damage());
    m_down->run({"CREATE TABLE damaged LIKE people", "INSERT INTO damaged SELECT * FROM people"});
    const auto ids_before = ids(*m_down);
    const auto rows_before = rows(*m_down);
    const auto endpoint = upstream_through(proxy);
    auto options = only("people");
    options.command = "slice";
    options.mode = sync::Mode::make_equal;
    options.delete_limit.rows = 1'000'000;

    RunRecorder whole;
    ASSERT_EQ(sync::run(endpoint, m_down->endpoint(), options, whole, m_stop).exit_status(), 0)
        << whole.tables["people"].reason;
    const std::uint64_t bytes = proxy.bytes();
    ASSERT_GT(bytes, 100'000U);

    for (const double part : {0.02, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97}) {
        SCOPED_TRACE(part);
        m_down->run({"TRUNCATE TABLE people", "INSERT INTO people SELECT * FROM damaged"});
        proxy.cut_after(static_cast<std::uint64_t>(static_cast<double>(bytes) * part));
        RunRecorder told;
        std::string sentences;
        int status = 2;
        try {
            status = sync::run(endpoint, m_down->endpoint(), options, told, m_stop).exit_status();
        } catch (const std::exception& error) {
            sentences = error.what();
        }
        sentences += told.tables["people"].reason;
        ASSERT_TRUE(proxy.has_cut());
        EXPECT_EQ(status, 2);
        EXPECT_THAT(sentences, testing::HasSubstr("far-away-upstream"));
        EXPECT_NE(told.tables["people"].outcome, report::Outcome::made_equal);
        expect_unharmed(ids_before, rows_before);
    }
    proxy.cut_after(UINT64_MAX);
    EXPECT_EQ(sync::run(endpoint, m_down->endpoint(), options, whole, m_stop).exit_status(), 0)
        << whole.tables["people"].reason;
    expect_equal("people");
}

/// A server of this test alone, which may be killed.
class OwnServer
{
public:
    explicit OwnServer(const std::string& family)
    {
        const Ended started = Process({SLICETOOL_SOURCE "/scripts/servers", "start", family,
                                       "victim", "--dir", m_folder.path()})
                                  .wait();
        if (started.status != 0)
            throw std::runtime_error("the victim did not start: " + started.err);
        read_settings();
    }
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;
    ~OwnServer()
    {
        Process({SLICETOOL_SOURCE "/scripts/servers", "stop", "victim", "--purge", "--dir",
                 m_folder.path()})
            .wait();
    }

    void kill() const { ::kill(m_pid, SIGKILL); }
    void start_again(const std::string& family)
    {
        const Ended started = Process({SLICETOOL_SOURCE "/scripts/servers", "start", family,
                                       "victim", "--dir", m_folder.path()})
                                  .wait();
        if (started.status != 0)
            throw std::runtime_error("the victim did not start again: " + started.err);
        read_settings();
    }
    const std::string& url() const { return m_url; }

private:
    void read_settings()
    {
        std::istringstream lines(Process({SLICETOOL_SOURCE "/scripts/servers", "env", "victim",
                                          "--dir", m_folder.path()})
                                     .wait()
                                     .out);
        for (std::string line; std::getline(lines, line);) {
            if (line.rfind("pid=", 0) == 0)
                m_pid = std::stoi(line.substr(4));
            if (line.rfind("socket=", 0) == 0)
                m_url = "mysql://root@localhost/?socket=" + line.substr(7);
        }
    }

    TemporaryFolder m_folder;
    pid_t m_pid = 0;
    std::string m_url;
};

/// Lets go of a database whose server was killed meanwhile: there is nobody to drop it.
class KeptDatabase
{
public:
    explicit KeptDatabase(std::unique_ptr<ScratchDatabase>& database) : m_database(database) {}
    KeptDatabase(const KeptDatabase&) = delete;
    KeptDatabase& operator=(const KeptDatabase&) = delete;
    ~KeptDatabase()
    {
        const bool kept = std::getenv("SLICETOOL_TEST_KEEP") != nullptr;
        ::setenv("SLICETOOL_TEST_KEEP", "1", 1);
        m_database.reset();
        if (!kept)
            ::unsetenv("SLICETOOL_TEST_KEEP");
    }

private:
    std::unique_ptr<ScratchDatabase>& m_database;
};

TEST_P(Trap25, AnUpstreamServerThatIsKilledLeavesDownstreamUnharmedAndARerunMends)
{
    const std::string family = upstream_is_mariadb() ? "mariadb" : "mysql";
    OwnServer victim(family);
    m_up = std::make_unique<ScratchDatabase>(victim.url(), "victim");
    const KeptDatabase kept(m_up);
    on_both(people());
    m_down->run(damage());
    m_down->run({"CREATE TABLE damaged LIKE people", "INSERT INTO damaged SELECT * FROM people"});
    const auto ids_before = ids(*m_down);
    const auto rows_before = rows(*m_down);
    const std::string from = m_up->endpoint().url();
    const std::vector<std::string> words = {
        "slice",    "--from", from,           "--to",   m_down->endpoint().url(),
        "--tables", "people", "--max-delete", "1000000"};
    const auto whole = slicetool(words);
    ASSERT_EQ(whole.status, 0) << whole.err << whole.out;
    m_down->run({"TRUNCATE TABLE people", "INSERT INTO people SELECT * FROM damaged"});
    {
        Process tool(slicetool_words(words));
        tool.wait_for(whole.elapsed / 2);
        victim.kill();
        const Ended ended = tool.wait();
        EXPECT_EQ(ended.status, 2) << ended.err;
        EXPECT_THAT(ended.err + ended.out, testing::HasSubstr("localhost"));
        EXPECT_LT(ended.elapsed, std::chrono::seconds(30));
    }
    victim.start_again(family);
    expect_unharmed(ids_before, rows_before);
    const auto again = slicetool(words);
    EXPECT_EQ(again.status, 0) << again.err << again.out;
    expect_equal("people");
}

} // namespace
} // namespace slicetool::test
