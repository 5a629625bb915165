#include "sync/delete_limit.hpp"

#include "base/error.hpp"
#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using test::refusal_of;

bool allows(const DeleteLimit& limit, std::uint64_t rows, std::uint64_t downstream_rows)
{
    return refusal_of<base::Refusal>(
               [&] { refuse_many_deletes("t", limit, rows, downstream_rows); })
        .empty();
}

TEST(DeleteLimit, AllowsAThousandRowsOfAnyTable)
{
    EXPECT_TRUE(allows({}, 1000, 0));
    EXPECT_TRUE(allows({}, 1000, 1000));
    EXPECT_FALSE(allows({}, 1001, 1001));
}

TEST(DeleteLimit, AllowsATenthOfALargeTable)
{
    EXPECT_TRUE(allows({}, 5000, 50'000));
    EXPECT_FALSE(allows({}, 5001, 50'000));
}

TEST(DeleteLimit, ObeysAnAbsoluteNumber)
{
    DeleteLimit limit;
    limit.rows = 3;
    EXPECT_TRUE(allows(limit, 3, 1'000'000));
    EXPECT_FALSE(allows(limit, 4, 1'000'000));
    limit.rows = 0;
    EXPECT_TRUE(allows(limit, 0, 1'000'000));
    EXPECT_FALSE(allows(limit, 1, 1'000'000));
}

TEST(DeleteLimit, MayBeUnlimited)
{
    DeleteLimit limit;
    limit.unlimited = true;
    limit.rows = 0;
    EXPECT_TRUE(allows(limit, 1'000'000'000, 10));
}

TEST(DeleteLimit, SaysWhatToDo)
{
    DeleteLimit limit;
    limit.rows = 1500;
    EXPECT_EQ(refusal_of<base::Refusal>([&] { refuse_many_deletes("orders", limit, 2000, 9000); }),
              "Table orders: 2,000 rows exist downstream only and would be deleted, more than "
              "--max-delete allows "
              "(1,500). Not one of them was deleted. If they shall go, raise --max-delete.");
}

} // namespace
} // namespace slicetool::sync
