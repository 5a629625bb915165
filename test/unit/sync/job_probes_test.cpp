#include "sync/job_probes.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {

TEST(JobProbes, ConditionsAreExplained)
{
    sql::Table table;
    table.schema = "shop";
    table.name = "or`ders";
    const JobProbe probe = probe_condition(3, "c.yaml:5", table, "id > 5 -- new ones");
    EXPECT_EQ(probe.statement,
              "EXPLAIN SELECT 1 FROM `shop`.`or``ders` WHERE (id > 5 -- new ones\n)");
    EXPECT_EQ(probe.rank, 3U);
    EXPECT_EQ(probe.place, "c.yaml:5");
    EXPECT_FALSE(probe.syntax_only);
}

TEST(JobProbes, QueriesAreAskedForNoRow)
{
    EXPECT_EQ(probe_query(0, "", "t", "SELECT id FROM t # all\n ; \n", {}).statement,
              "SELECT * FROM (SELECT id FROM t # all\n) AS slicetool_query LIMIT 0");
}

TEST(JobProbes, StatementsArePreparedOnly)
{
    const JobProbe probe = probe_statement(0, "", "t", 2, "DELETE FROM `a'b`");
    EXPECT_EQ(probe.statement, "DELETE FROM `a'b`");
    EXPECT_TRUE(probe.syntax_only);
    EXPECT_EQ(probe.subject, "Table t: statement 2 of 'sql'");
}

} // namespace slicetool::sync
