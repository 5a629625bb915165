#include "integration/traps_fixture.hpp"

#include "sql/quote.hpp"

/// Traps of names: whatever a server lets a name be.
namespace slicetool::test {
namespace {

SLICETOOL_TRAP(Trap22);

/// A hundred such signs are longer in bytes than in characters; 64 fit into a name. Servers take
/// none beyond the basic plane, so these are the emoji that lie in it.
std::string signs(int count)
{
    std::string name;
    for (int at = 0; at < count; ++at)
        name += at % 2 == 0 ? "\u2603" : "\u26a1";
    return name;
}

/// Names of columns, indexes and constraints.
std::vector<std::string> hostile_names()
{
    return {"back`tick",
            "a.b",
            " lead",
            "%",
            "%s%d{}",
            "it's",
            "\"quoted\"",
            "select",
            "PRIMARY KEY",
            "--",
            "/* comment */",
            "*/",
            "\\",
            "a,b",
            "(a",
            "?",
            "@v",
            "ключ 鍵",
            "NULL",
            signs(64),
            std::string(64, 'x'),
            "new\nline",
            "tab\tin",
            "`"};
}

/// Tables are files: a sign takes five characters of a file's name.
std::vector<std::string> hostile_table_names()
{
    auto names = hostile_names();
    for (auto& name : names)
        if (name == signs(64))
            name = signs(40);
    return names;
}

std::string quoted(const std::string& name)
{
    return sql::quote_identifier(name);
}

TEST_P(Trap22, TablesOfHostileNamesAreComparedAndCopied)
{
    for (const auto& name : hostile_table_names()) {
        SCOPED_TRACE(name);
        on_both({"CREATE TABLE " + quoted(name) + " (id INT NOT NULL PRIMARY KEY, v INT)",
                 "INSERT INTO " + quoted(name) + " VALUES (1,1),(2,2),(3,3)"});
        m_up->run({"UPDATE " + quoted(name) + " SET v = 9 WHERE id = 2",
                   "DELETE FROM " + quoted(name) + " WHERE id = 3",
                   "INSERT INTO " + quoted(name) + " VALUES (4,4)"});
        expect_found_and_repaired(name, {1, 1, 1});
    }
    EXPECT_EQ(verify().exit_status(), 0);
    EXPECT_EQ(m_seen->tables.size(), hostile_table_names().size());
}

TEST_P(Trap22, ColumnsOfHostileNamesAreComparedAndCopied)
{
    std::string columns;
    std::string values;
    for (const auto& name : hostile_names()) {
        columns += ", " + quoted(name) + " VARCHAR(20)";
        values += ",'v'";
    }
    on_both({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY" + columns + ")",
             "INSERT INTO t VALUES (1" + values + "),(2" + values + ")"});
    std::uint64_t changed = 0;
    for (const auto& name : hostile_names()) {
        m_up->run(
            {fmt::format("INSERT INTO t (id, {}) VALUES ({}, 'x')", quoted(name), 10 + changed)});
        ++changed;
    }
    m_up->run({"UPDATE t SET " + quoted(signs(64)) + " = 'y' WHERE id = 1"});
    expect_found_and_repaired("t", {changed, 0, 1});
}

TEST_P(Trap22, KeysOfHostileNamesAreFollowed)
{
    for (const auto& name : hostile_names()) {
        SCOPED_TRACE(name);
        const std::string column = quoted(name);
        on_both(
            {"DROP TABLE IF EXISTS t",
             fmt::format("CREATE TABLE t (v INT, {0} INT NOT NULL, other INT NOT NULL, PRIMARY KEY "
                         "({0}, other), UNIQUE KEY {0} (v))",
                         column),
             "INSERT INTO t VALUES (1,1,1),(2,2,2),(3,3,3)"});
        m_up->run({"UPDATE t SET v = -1 WHERE v = 1", "UPDATE t SET v = 1 WHERE v = 2",
                   "UPDATE t SET v = 2 WHERE v = -1", "DELETE FROM t WHERE v = 3"});
        expect_found_and_repaired("t", {0, 1, 2});
    }
}

/// Excluded columns are read and written again by name.
TEST_P(Trap22, ColumnsOfHostileNamesAreLeftAlone)
{
    for (const auto& name : hostile_names()) {
        SCOPED_TRACE(name);
        on_both({"DROP TABLE IF EXISTS t",
                 "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v INT, " + quoted(name) +
                     " INT DEFAULT 5)",
                 "INSERT INTO t VALUES (1,1,1),(2,2,2)"});
        m_up->run({"UPDATE t SET v = 9", "INSERT INTO t VALUES (3,3,3)"});
        sync::TableChoices choices;
        choices.excluded = {name};
        EXPECT_EQ(slice(only("t", choices)).exit_status(), 0) << result("t").reason;
        EXPECT_EQ(ask(*m_down, "SELECT * FROM t ORDER BY id"),
                  (std::vector<std::string>{"1 9 1 ", "2 9 2 ", "3 3 5 "}));
    }
}

TEST_P(Trap22, ForeignKeysOfHostileNamesAreChecked)
{
    const std::string parent = "par`ent.%'\"";
    const std::string child = "chi\\ld -- \u26a1";
    on_both({"CREATE TABLE " + quoted(parent) + " (`i``d` INT NOT NULL PRIMARY KEY)",
             "CREATE TABLE " + quoted(child) +
                 " (id INT NOT NULL PRIMARY KEY, `o.f` INT, CONSTRAINT `it's` FOREIGN KEY (`o.f`) "
                 "REFERENCES " +
                 quoted(parent) + " (`i``d`))",
             "INSERT INTO " + quoted(parent) + " VALUES (1)"});
    m_up->run({"INSERT INTO " + quoted(parent) + " VALUES (2)",
               "INSERT INTO " + quoted(child) + " VALUES (1,2)"});
    EXPECT_EQ(slice(only(child)).exit_status(), 0) << result(child).reason;
    EXPECT_THAT(m_seen->notes, testing::Contains(testing::HasSubstr("it's")));
    EXPECT_EQ(slice().exit_status(), 0);
    EXPECT_THAT(m_seen->notes, testing::Not(testing::Contains(testing::HasSubstr("it's"))));
}

TEST_P(Trap22, DefinitionsWithHostileNamesArePulled)
{
    std::string columns;
    for (const auto& name : hostile_names())
        columns += ", " + quoted(name) + " VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    std::vector<std::string> tables;
    for (const auto& name : hostile_table_names())
        tables.push_back("CREATE TABLE " + quoted(name) + " (id INT NOT NULL PRIMARY KEY" +
                         columns + ", KEY " + quoted(signs(64)) + " (" + quoted(signs(64)) + "))");
    m_up->run(tables);
    expect_round_trip();
    EXPECT_EQ(verify().exit_status(), 0);
}

TEST_P(Trap22, DatabasesOfHostileNamesAreComparedAndCopied)
{
    for (const std::string name :
         {"back`tick", "a.b", "%", "it's", "\"q\"", "c \\", "\u26a1\u2603", "ключ", "@/#?&="}) {
        SCOPED_TRACE(name);
        m_up = std::make_unique<ScratchDatabase>(std::getenv(GetParam().upstream), "up " + name);
        m_down =
            std::make_unique<ScratchDatabase>(std::getenv(GetParam().downstream), "to " + name);
        m_up->run({"CREATE TABLE t (id INT NOT NULL PRIMARY KEY, parent INT, FOREIGN KEY (parent) "
                   "REFERENCES t (id))",
                   "INSERT INTO t VALUES (1,NULL),(2,1)"});
        sync::PullSchemaOptions options;
        options.foreign_keys = sql::ForeignKeys::keep;
        ASSERT_EQ(pull(options).exit_status(), 0) << m_told->text();
        expect_found_and_repaired("t", {2, 0, 0});
        m_up->run({"UPDATE t SET parent = 2 WHERE id = 1"});
        expect_found_and_repaired("t", {0, 0, 1});
    }
}

} // namespace
} // namespace slicetool::test
