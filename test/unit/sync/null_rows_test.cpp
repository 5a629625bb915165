#include "sync/null_rows.hpp"

#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

/// `id`, `a`, `b`.
sql::Table three(const sql::Column& a, const sql::Column& b)
{
    return table({not_null(integer("id")), a, b}, {unique_index("PRIMARY", {"id"})});
}

TEST(StricterColumns, AreThoseThatTakeNoNullDownstreamOnly)
{
    const auto loose = three(integer("a"), integer("b"));
    const auto strict = three(integer("a"), not_null(integer("b")));
    EXPECT_THAT(stricter_columns(plan(loose, strict)), ElementsAre(2U));
    EXPECT_THAT(stricter_columns(plan(strict, loose)), IsEmpty());
    EXPECT_THAT(stricter_columns(plan(strict)), IsEmpty());
}

TEST(NullRow, IsLookedForAmongTheRowsThatAreCopied)
{
    TableChoices choices;
    choices.where = "id > 5 OR id < 0";
    EXPECT_EQ(build_null_row(plan(three(integer("a"), integer("b")), choices), 1),
              "/* slicetool table=items nulls */ SELECT `id` FROM `shop`.`items` WHERE `a` IS NULL "
              "AND (id > 5 OR id < 0) LIMIT 1");
}

} // namespace
} // namespace slicetool::sync
