#include "random/shrink.hpp"

#include "random/generate.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace slicetool::search {
namespace {

using std::chrono::seconds;

Case some_case()
{
    // The first with three tables and many changes.
    for (std::uint64_t seed = 1;; ++seed) {
        Case of = make_case(seed, {});
        if (of.tables.size() == 3 && of.changes.size() > 8 && of.tables[1].rows.size() > 10)
            return of;
    }
}

std::size_t tables_of(const Case& of)
{
    return static_cast<std::size_t>(std::count_if(
        of.tables.begin(), of.tables.end(), [](const Table& table) { return !table.dropped; }));
}

TEST(Shrink, LeavesWhatTheFailureNeedsAndNothingElse)
{
    const Case failing = some_case();
    const Values row = failing.tables[1].rows[7].values;
    const auto has_row = [&](const Case& of) {
        const auto& rows = of.tables[1].rows;
        return !of.tables[1].dropped && std::any_of(rows.begin(), rows.end(), [&](const Row& one) {
            return one.values == row;
        });
    };
    const Case least = shrink(failing, has_row, seconds(60));
    EXPECT_EQ(tables_of(least), 1U);
    EXPECT_EQ(least.tables[1].rows.size(), 1U);
    EXPECT_TRUE(least.changes.empty());
    EXPECT_TRUE(least.choices.zoom.empty());
    EXPECT_TRUE(has_row(least));
}

TEST(Shrink, KeepsACaseThatDoesNotFailWithoutAnyOfItsParts)
{
    const Case failing = some_case();
    const Case same = shrink(
        failing, [](const Case&) { return false; }, seconds(60));
    EXPECT_EQ(same.changes.size(), failing.changes.size());
    EXPECT_EQ(tables_of(same), 3U);
}

} // namespace
} // namespace slicetool::search
