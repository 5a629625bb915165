#include "sync/delete_budget.hpp"

#include "base/error.hpp"
#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>
#include <thread>

namespace slicetool::sync {
namespace {

using test::refusal_of;

TEST(DeleteBudget, AllowsAThousandRowsOfAnyTable)
{
    DeleteBudget budget("t", {}, 0);
    budget.spend(999);
    budget.spend(1);
    EXPECT_THROW(budget.spend(1), base::Refusal);
}

TEST(DeleteBudget, AllowsATenthOfALargeTable)
{
    DeleteBudget budget("t", {}, 50'000);
    budget.spend(5000);
    EXPECT_THROW(budget.spend(1), base::Refusal);
}

TEST(DeleteBudget, TakesCountedRowsForEstimatedOnes)
{
    DeleteBudget budget("t", {}, 1'000'000);
    budget.counted(20'000);
    budget.spend(2000);
    EXPECT_THROW(budget.spend(1), base::Refusal);
    budget.counted(30'000);
    budget.spend(1000);
}

TEST(DeleteBudget, ObeysAnAbsoluteNumber)
{
    DeleteLimit limit;
    limit.rows = 3;
    DeleteBudget budget("t", limit, 1'000'000);
    budget.spend(3);
    EXPECT_THROW(budget.spend(1), base::Refusal);
    limit.rows = 0;
    DeleteBudget none("t", limit, 1'000'000);
    none.spend(0);
    EXPECT_THROW(none.spend(1), base::Refusal);
}

TEST(DeleteBudget, MayBeUnlimited)
{
    DeleteLimit limit;
    limit.unlimited = true;
    limit.rows = 0;
    DeleteBudget budget("t", limit, 10);
    EXPECT_NO_THROW(budget.spend(1'000'000'000));
}

TEST(DeleteBudget, SpendsNothingWhenItRefuses)
{
    DeleteLimit limit;
    limit.rows = 10;
    DeleteBudget budget("t", limit, 0);
    EXPECT_THROW(budget.spend(11), base::Refusal);
    EXPECT_NO_THROW(budget.spend(10));
}

TEST(DeleteBudget, SaysWhatToDo)
{
    DeleteLimit limit;
    limit.rows = 1500;
    DeleteBudget budget("orders", limit, 0);
    EXPECT_EQ(refusal_of<base::Refusal>([&] { budget.spend(2000); }),
              "Table orders: 2,000 rows exist downstream only and would be deleted, more than "
              "--max-delete allows "
              "(1,500). Not one of them was deleted. If they shall go, raise --max-delete.");
}

TEST(DeleteBudget, NeverAllowsMoreThanItsLimitToSeveralThreads)
{
    DeleteLimit limit;
    limit.rows = 1000;
    DeleteBudget budget("t", limit, 0);
    std::atomic<int> allowed{0};
    std::vector<std::thread> threads;
    for (int at = 0; at < 4; ++at) {
        threads.emplace_back([&] {
            for (int round = 0; round < 500; ++round) {
                if (refusal_of<base::Refusal>([&] { budget.spend(1); }).empty())
                    ++allowed;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(allowed, 1000);
}

} // namespace
} // namespace slicetool::sync
