#include "cli/server_fixture.hpp"

#include <fmt/format.h>
#include <unistd.h>

/// `slicetool init`: what it writes is a config that runs.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class CliInit : public CliTest
{
protected:
    /// A small shop: the tables' names sort against their references.
    void make_shop() const
    {
        m_up->run({"CREATE TABLE z_customers (id INT PRIMARY KEY, name VARCHAR(20), changed "
                   "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
                   "CREATE TABLE orders (shop INT, no INT, customer INT, at DATETIME(3) DEFAULT "
                   "CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), PRIMARY KEY (shop, no), "
                   "FOREIGN KEY (customer) REFERENCES z_customers (id))",
                   "CREATE TABLE log (line TEXT)", "CREATE TABLE `no: \"${x}` (id INT PRIMARY KEY)",
                   "INSERT INTO z_customers (id, name) VALUES (1, 'a'), (2, 'b')",
                   "INSERT INTO orders (shop, no, customer) VALUES (1, 1, 1), (1, 2, 2)",
                   "INSERT INTO log VALUES ('x'), ('x')", "INSERT INTO `no: \"${x}` VALUES (7)"});
    }

    Ended init(const std::vector<std::string>& more) const
    {
        std::vector<std::string> words = {"init", "--from", up(), "--to", down()};
        words.insert(words.end(), more.begin(), more.end());
        return slicetool(words);
    }

    TemporaryFolder m_folder;
};

INSTANTIATE_TEST_SUITE_P(Pairings, CliInit, testing::ValuesIn(pairings()), pairing_name);

TEST_P(CliInit, WritesAJobThatIsCheckedAndRuns)
{
    make_shop();
    const std::string file = m_folder.path() + "/shop.yaml";
    const Ended written = init({"--output", file});
    ASSERT_EQ(written.status, 0) << written.err;
    EXPECT_THAT(written.out, HasSubstr("shop.yaml: the jobs nightly and hourly, 4 tables."));
    const auto run = [&](const std::string& command) {
        return slicetool({command, "--config", file, "--job", "nightly"});
    };
    const Ended early = run("check");
    EXPECT_EQ(early.status, 2);
    EXPECT_THAT(early.err, HasSubstr("There is no table orders downstream"));
    ASSERT_EQ(run("pull_schema").status, 0);
    const Ended checked = run("check");
    EXPECT_EQ(checked.status, 0) << checked.err;
    const Ended sliced = run("slice");
    EXPECT_EQ(sliced.status, 0) << sliced.err << sliced.out;
    EXPECT_THAT(sliced.out, HasSubstr("4 tables: 4 made equal"));
    m_up->run({"UPDATE z_customers SET name = 'c', changed = NOW() WHERE id = 1"});
    const Ended hourly = slicetool({"slice", "--config", file, "--job", "hourly"});
    EXPECT_EQ(hourly.status, 0) << hourly.err << hourly.out;
    EXPECT_THAT(hourly.out, HasSubstr("LITE"));
    EXPECT_EQ(tool("verify").status, 0);
}

TEST_P(CliInit, SaysWhatItFound)
{
    make_shop();
    const Ended ended = init({});
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_LT(ended.out.find("- z_customers"), ended.out.find("- orders")) << ended.out;
    EXPECT_THAT(ended.out, HasSubstr("key PRIMARY (shop, no)"));
    EXPECT_THAT(ended.out, HasSubstr("# No key (there is no unique key): compared as a whole."));
    EXPECT_THAT(ended.out, HasSubstr("lite: {column: changed}"));
    EXPECT_THAT(ended.out, HasSubstr("lite: {column: at}"));
    EXPECT_THAT(ended.out, HasSubstr("protected: true"));
}

TEST_P(CliInit, NeverWritesAPasswordNorOverAFile)
{
    const std::string user = "slicetool_" + std::to_string(::getpid());
    m_up->run(
        {"DROP USER IF EXISTS " + user + "@localhost",
         "CREATE USER " + user + "@localhost IDENTIFIED BY 'geheim73'",
         fmt::format("GRANT SELECT ON `{}`.* TO {}@localhost", m_up->endpoint().database, user)});
    const std::string from = fmt::format("mysql://{}@localhost/{}?socket={}", user,
                                         m_up->endpoint().database, m_up->endpoint().socket);
    const auto file = m_folder.write("mine.yaml", "mine");
    const Process::Environment password{{"SLICETOOL_FROM_PASSWORD", "geheim73"}};
    const Ended refused = slicetool({"init", "--from", from, "-o", file}, password);
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("mine.yaml exists; name another file, or replace it with "
                                       "--force."));
    EXPECT_EQ(m_folder.read("mine.yaml"), "mine");
    const Ended forced = slicetool({"init", "--from", from, "-o", file, "--force"}, password);
    m_up->run({"DROP USER " + user + "@localhost"});
    EXPECT_EQ(forced.status, 0) << forced.err;
    EXPECT_THAT(m_folder.read("mine.yaml"), HasSubstr("user: " + user));
    EXPECT_THAT(m_folder.read("mine.yaml") + forced.out + forced.err, Not(HasSubstr("geheim")));
    EXPECT_THAT(m_folder.read("mine.yaml"), HasSubstr("Upstream has no tables yet"));
}

} // namespace
} // namespace slicetool::test
