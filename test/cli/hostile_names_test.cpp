#include "cli/server_fixture.hpp"

#include <fmt/format.h>
#include <fstream>

/// Names that end identifiers, strings and comments too early, wherever a name can stand.
namespace slicetool::test {
namespace {

using testing::HasSubstr;

/// Both families take these; a name cannot hold NUL or anything beyond the basic plane, nor end in
/// a space.
const std::vector<std::string>& hostile_names()
{
    static const std::vector<std::string> k_names = {
        "a`b",
        "it's",
        "say \"x\"",
        "dot.ted",
        " leading",
        "per%cent_",
        "end */ comment",
        "/*! open",
        "-- dash",
        "# hash",
        "semi;colon",
        "back\\slash",
        "new\nline",
        "tab\tcr\rx",
        "escape\x1b[31m",
        "{brace}",
        "~,;",
        "select",
        "PRIMARY",
        "x' OR '1'='1",
        "`; DROP TABLE `t`; --",
        "Größe ß 漢字",
        std::string(24, '`') + std::string(40, 'n'),
        std::string(63, 'n') + "%",
    };
    return k_names;
}

class HostileNames : public CliTest
{
protected:
    void SetUp() override
    {
        CliTest::SetUp();
        if (m_up == nullptr)
            return;
        m_name = fmt::format("we`ird '\"; -- %_\\ {} db", ::getpid());
        for (const auto* side : {m_up.get(), m_down.get()})
            side->run({"DROP DATABASE IF EXISTS " + quoted(m_name),
                       "CREATE DATABASE " + quoted(m_name) + " CHARACTER SET utf8mb4"});
    }

    void TearDown() override
    {
        if (m_up != nullptr)
            for (const auto* side : {m_up.get(), m_down.get()})
                side->run({"DROP DATABASE IF EXISTS " + quoted(m_name)});
    }

    static std::string quoted(const std::string& name) { return sql::quote_identifier(name); }

    base::Endpoint inside(const ScratchDatabase& database) const
    {
        base::Endpoint endpoint = database.endpoint();
        endpoint.database = m_name;
        return endpoint;
    }

    /// Statements in the database of the hostile name.
    void run_in(const ScratchDatabase& database, std::vector<std::string> statements) const
    {
        statements.insert(statements.begin(), "USE " + quoted(m_name));
        database.run(statements);
    }

    Ended tool(const std::string& command, const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> words = {command, "--from", inside(*m_up).url(), "--to",
                                          inside(*m_down).url()};
        words.insert(words.end(), more.begin(), more.end());
        return slicetool(words);
    }

    /// A table of that name whose every part is called so, too.
    std::vector<std::string> table(const std::string& name) const
    {
        // A name that an index cannot have; and MySQL names a check after its table, with an
        // ending.
        constexpr std::size_t k_longest_with_check = 50;
        const std::string n = quoted(name);
        const std::string value = sql::quote_string(name);
        const std::string index = fmt::format(", UNIQUE KEY {0} (v, {0})", n);
        const std::string check =
            fmt::format(", CONSTRAINT {} CHECK ({} <> 'x')", quoted(name + "?"), n);
        return {fmt::format("CREATE TABLE {0} ({0} VARCHAR(80) CHARACTER SET utf8mb4 COLLATE "
                            "utf8mb4_bin NOT NULL DEFAULT {1} COMMENT {1}, v INT, "
                            "PRIMARY KEY ({0}){2}{3}) COMMENT {1}",
                            n, value, name == "PRIMARY" ? "" : index,
                            name.size() > k_longest_with_check ? "" : check),
                fmt::format("INSERT INTO {0} VALUES ({1}, 1), ('b', 2), ('c', 3)", n, value)};
    }

    std::string m_name;
};

INSTANTIATE_TEST_SUITE_P(Pairings, HostileNames, testing::ValuesIn(pairings()), pairing_name);

TEST_P(HostileNames, OfDatabasesTablesColumnsIndexesAndConstraints)
{
    for (const auto& name : hostile_names())
        run_in(*m_up, table(name));
    const Ended pulled = tool("pull_schema");
    EXPECT_EQ(pulled.status, 0) << pulled.err << pulled.out;
    const Ended sliced = tool("slice");
    EXPECT_EQ(sliced.status, 0) << sliced.err << sliced.out;
    EXPECT_EQ(sliced.out.find('\x1b'), std::string::npos) << "a name moves the cursor";
    for (const auto& name : hostile_names())
        run_in(*m_down, {fmt::format("UPDATE {} SET v = 9 WHERE v = 2", quoted(name)),
                         fmt::format("DELETE FROM {} WHERE v = 1", quoted(name)),
                         fmt::format("INSERT INTO {} VALUES ('new', 4)", quoted(name))});
    const Ended told = tool("verify", {"--recheck", "0", "--json", "--list-keys", "--column-diff"});
    EXPECT_EQ(told.status, 1) << told.err;
    const auto report = document(told);
    ASSERT_EQ(report["tables"].size(), hostile_names().size()) << told.out;
    std::set<std::string> seen;
    for (const auto& each : report["tables"]) {
        seen.insert(each["table"].get<std::string>());
        EXPECT_EQ(each["missing"], 1) << each;
        EXPECT_EQ(each["extra"], 1) << each;
        EXPECT_EQ(each["changed"], 1) << each;
    }
    EXPECT_EQ(seen, std::set<std::string>(hostile_names().begin(), hostile_names().end()));
    const Ended text = tool("verify", {"--recheck", "0", "--list-keys", "--column-diff"});
    EXPECT_EQ(text.status, 1);
    EXPECT_EQ(text.out.find('\x1b'), std::string::npos) << "a name moves the cursor";
    const Ended again = tool("slice", {"--max-delete", "100%"});
    EXPECT_EQ(again.status, 0) << again.err << again.out;
    EXPECT_EQ(tool("verify").status, 0);
}

TEST_P(HostileNames, OfForeignKeysAndTriggers)
{
    for (const auto& name : hostile_names()) {
        const std::string child = quoted(name);
        if (name == "PRIMARY")
            continue;
        run_in(
            *m_up,
            {"CREATE TABLE IF NOT EXISTS parent (id INT PRIMARY KEY)",
             fmt::format("CREATE TABLE {0} ({0} INT PRIMARY KEY, CONSTRAINT {0} FOREIGN KEY ({0}) "
                         "REFERENCES parent (id))",
                         child),
             "INSERT IGNORE INTO parent VALUES (1)",
             fmt::format("INSERT INTO {} VALUES (1)", child)});
    }
    const Ended pulled = tool("pull_schema", {"--keep-foreign-keys"});
    EXPECT_EQ(pulled.status, 0) << pulled.err << pulled.out;
    run_in(*m_down,
           {fmt::format("CREATE TRIGGER {} BEFORE INSERT ON `it's` FOR EACH ROW SET NEW.`it's` = "
                        "NEW.`it's`",
                        quoted("tr`ig \"ger\" */"))});
    const Ended refused = tool("slice");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.out + refused.err, HasSubstr("tr`ig \"ger\" */"));
    const Ended sliced = tool("slice", {"--allow-triggers"});
    EXPECT_EQ(sliced.status, 0) << sliced.err << sliced.out;
}

TEST_P(HostileNames, OfTablesAndKeysOnTheCommandLineAndInTheConfig)
{
    TemporaryFolder folder;
    nlohmann::json config;
    for (const auto& [name, database] :
         {std::pair("up", m_up.get()), std::pair("down", m_down.get())})
        config["endpoints"][name] = {
            {"socket", database->endpoint().socket}, {"user", "root"}, {"database", m_name}};
    config["jobs"]["all"] = {{"from", "up"}, {"to", "down"}, {"tables", nlohmann::json::array()}};
    for (const auto& name : hostile_names()) {
        run_in(*m_up, table(name));
        run_in(*m_down, table(name));
        run_in(*m_down, {"DELETE FROM " + quoted(name)});
        config["jobs"]["all"]["tables"].push_back(
            {{"table", name}, {"key", {name}}, {"where", "v > 1"}});
    }
    const Ended sliced = slicetool({"slice", "--config", folder.write("job.yaml", config.dump())});
    EXPECT_EQ(sliced.status, 0) << sliced.err << sliced.out;
    for (const auto& name : hostile_names())
        EXPECT_EQ(
            ask(*m_down, fmt::format("SELECT COUNT(*) FROM {}.{}", quoted(m_name), quoted(name))),
            std::vector<std::string>{"2 "})
            << name;
    const Ended named = tool("slice", {"--tables", "it's"});
    EXPECT_EQ(named.status, 0) << named.err << named.out;
    const Ended missing = tool("slice", {"--tables", "no `such\x1b[1m` table"});
    EXPECT_EQ(missing.status, 2);
    EXPECT_EQ(missing.err.find('\x1b'), std::string::npos);
}

TEST_P(HostileNames, OfUsers)
{
    make_ids(3);
    const std::string name = fmt::format("it's `u` \"@% {}", ::getpid() % 1000);
    const std::string account = sql::quote_string(name) + "@'localhost'";
    m_up->run({"DROP USER IF EXISTS " + account,
               "CREATE USER " + account + " IDENTIFIED BY 'geheim'",
               "GRANT SELECT ON " + quoted(m_up->endpoint().database) + ".* TO " + account});
    base::Endpoint endpoint = m_up->endpoint();
    endpoint.user = name;
    const Ended verified = slicetool({"verify", "--from", endpoint.url(), "--to", down()},
                                     {{"SLICETOOL_FROM_PASSWORD", "geheim"}});
    m_up->run({"DROP USER " + account});
    EXPECT_EQ(verified.status, 0) << verified.err << verified.out;
}

} // namespace
} // namespace slicetool::test
