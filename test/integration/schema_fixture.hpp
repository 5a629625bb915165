#pragma once

#include "base/endpoint.hpp"
#include "db/session.hpp"
#include "integration/wanted_server.hpp"
#include "report/reporter.hpp"
#include "sql/quote.hpp"
#include "sync/pull_schema.hpp"

#include <cstdlib>
#include <gmock/gmock.h>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <unistd.h>
#include <vector>

/// Databases of their own on real servers, for tests of schemas. SLICETOOL_TEST_KEEP=1 keeps them.
namespace slicetool::test {

/// "mysql://user@host:port/?socket=/path" as far as the test servers need it.
inline base::Endpoint endpoint_of(const std::string& url)
{
    base::Endpoint endpoint;
    std::string rest = url.substr(url.find("//") + 2);
    const auto at = rest.find('@');
    endpoint.user = rest.substr(0, at);
    rest = rest.substr(at + 1);
    const auto socket = rest.find("socket=");
    if (socket != std::string::npos) {
        endpoint.socket = rest.substr(socket + 7);
        return endpoint;
    }
    endpoint.host = rest.substr(0, rest.find_first_of(":/"));
    if (const auto colon = rest.find(':'); colon != std::string::npos)
        endpoint.port = static_cast<std::uint16_t>(std::stoul(rest.substr(colon + 1)));
    return endpoint;
}

/// Makes a database and drops it in the end.
class ScratchDatabase
{
public:
    ScratchDatabase(const std::string& url, const std::string& name)
        : m_endpoint(endpoint_of(url)),
          m_name("slicetool_test_" + name + "_" + std::to_string(::getpid()))
    {
        m_endpoint.database = "information_schema";
        m_admin = std::make_unique<db::Session>(db::Session::open(m_endpoint, db::Role::writer));
        m_admin->execute("drop", "DROP DATABASE IF EXISTS " + sql::quote_identifier(m_name));
        m_admin->execute("create", "CREATE DATABASE " + sql::quote_identifier(m_name) +
                                       " CHARACTER SET utf8mb4");
        m_endpoint.database = m_name;
        m_endpoint.name = m_endpoint.url();
    }
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;
    ~ScratchDatabase()
    {
        if (std::getenv("SLICETOOL_TEST_KEEP") == nullptr)
            m_admin->execute("drop", "DROP DATABASE IF EXISTS " + sql::quote_identifier(m_name));
    }

    const base::Endpoint& endpoint() const { return m_endpoint; }

    db::Session open(db::Role role) const { return db::Session::open(m_endpoint, role); }

    /// Runs statements as an ordinary utf8mb4 client would.
    void run(const std::vector<std::string>& statements) const
    {
        db::Session session = open(db::Role::writer);
        session.execute("set", "SET NAMES utf8mb4");
        for (const auto& statement : statements)
            session.execute("set up", statement);
    }

private:
    base::Endpoint m_endpoint;
    std::string m_name;
    std::unique_ptr<db::Session> m_admin;
};

/// Keeps what it is told.
class RecordingReporter : public report::Reporter
{
public:
    void run_started(const report::RunInfo&) override {}
    void table_started(const std::string&, std::uint64_t) override {}
    void table_progress(const std::string&, const report::Progress&) override {}
    void note(const std::string&, report::Severity, const std::string& sentence) override
    {
        notes.push_back(sentence);
    }
    void difference(const std::string&, const report::Difference&) override {}
    void table_finished(const report::TableResult&) override {}
    void schema_result(const report::SchemaResult& result) override
    {
        results[result.table] = result;
    }
    void run_finished(const report::RunResult&) override {}

    /// Everything said of all tables, for messages of failing tests.
    std::string text() const
    {
        std::string all;
        for (const auto& [name, result] : results) {
            all += name + ": action " + std::to_string(static_cast<int>(result.action)) + " " +
                   result.reason + "\n";
            for (const auto& sentence : result.drift)
                all += "  drift: " + sentence + "\n";
            for (const auto& sentence : result.translations)
                all += "  translated: " + sentence + "\n";
            for (const auto& statement : result.statements)
                all += statement + "\n";
        }
        for (const auto& sentence : notes)
            all += "note: " + sentence + "\n";
        return all;
    }

    std::map<std::string, report::SchemaResult> results;
    std::vector<std::string> notes;
};

struct Pairing
{
    const char* name;
    const char* upstream; ///< environment variable
    const char* downstream;
};

/// What GoogleTest prints instead of the bytes.
inline void PrintTo(const Pairing& pairing, std::ostream* out)
{
    *out << pairing.name;
}

inline const std::vector<Pairing>& pairings()
{
    static const std::vector<Pairing> k_pairings = {
        {"MariaDbToMariaDb", "SLICETOOL_TEST_MARIADB_A", "SLICETOOL_TEST_MARIADB_B"},
        {"MySqlToMySql", "SLICETOOL_TEST_MYSQL_A", "SLICETOOL_TEST_MYSQL_B"},
        {"MariaDbToMySql", "SLICETOOL_TEST_MARIADB_A", "SLICETOOL_TEST_MYSQL_B"},
        {"MySqlToMariaDb", "SLICETOOL_TEST_MYSQL_A", "SLICETOOL_TEST_MARIADB_B"}};
    return k_pairings;
}

inline bool is_mariadb(const char* variable)
{
    return std::string(variable).find("MARIADB") != std::string::npos;
}

/// The pairings that a test applies to, where it does not apply to all: it is instantiated for
/// these, so that none passes or is skipped without having looked.
template<class Applies>
std::vector<Pairing> pairings_where(Applies applies)
{
    std::vector<Pairing> chosen;
    for (const auto& pairing : pairings())
        if (applies(is_mariadb(pairing.upstream), is_mariadb(pairing.downstream)))
            chosen.push_back(pairing);
    return chosen;
}

/// A database on either side of a pairing.
class SchemaTest : public testing::TestWithParam<Pairing>
{
protected:
    void SetUp() override
    {
        const char* upstream = wanted_server(GetParam().upstream);
        const char* downstream = wanted_server(GetParam().downstream);
        if (upstream == nullptr || downstream == nullptr)
            GTEST_SKIP() << GetParam().upstream << " or " << GetParam().downstream << " is not set";
        m_up = std::make_unique<ScratchDatabase>(upstream, "up");
        m_down = std::make_unique<ScratchDatabase>(downstream, "down");
    }

    bool downstream_is_mariadb() const { return is_mariadb(GetParam().downstream); }
    bool upstream_is_mariadb() const { return is_mariadb(GetParam().upstream); }
    /// One pull_schema; what it told is in m_told.
    sync::PullSchemaSummary pull(const sync::PullSchemaOptions& options = {})
    {
        m_told = std::make_unique<RecordingReporter>();
        db::Session upstream = m_up->open(db::Role::reader);
        db::Session downstream = m_down->open(db::Role::writer);
        return sync::pull_schema(upstream, downstream, options, *m_told);
    }

    /// Pulls twice: everything is created, then equal.
    void expect_round_trip(const sync::PullSchemaOptions& options = {})
    {
        const auto first = pull(options);
        EXPECT_EQ(first.exit_status(), 0) << m_told->text();
        const auto second = pull(options);
        EXPECT_EQ(second.exit_status(), 0) << m_told->text();
        EXPECT_EQ(second.equal, first.created) << m_told->text();
    }

    std::unique_ptr<ScratchDatabase> m_up;
    std::unique_ptr<ScratchDatabase> m_down;
    std::unique_ptr<RecordingReporter> m_told;
};

inline std::string pairing_name(const testing::TestParamInfo<Pairing>& info)
{
    return info.param.name;
}

} // namespace slicetool::test
