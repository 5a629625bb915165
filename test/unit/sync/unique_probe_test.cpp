#include "sync/unique_probe.hpp"

#include "unit/sync/tables.hpp"

#include <gmock/gmock.h>

namespace slicetool::sync {
namespace {

using namespace test;

TEST(Probe, LeavesTheKeyOfTheRowInTheWayAndChangesNothing)
{
    EXPECT_EQ(build_probe(plan(composite()), {{"1", "x", std::nullopt}, {}}),
              "/* slicetool table=items insert rows */ INSERT INTO `shop`.`items` (`a`, `s`, `n`) "
              "VALUES ('1','x',NULL) ON DUPLICATE KEY UPDATE "
              "`a` = IF((@slicetool_0 := CONCAT(`a`)) IS NULL, `a`, `a`), "
              "`s` = IF((@slicetool_1 := CONCAT(`s`)) IS NULL, `s`, `s`)");
}

TEST(Probe, KeepsTheValuesOfColumnsThatAreNotCopied)
{
    TableChoices choices;
    choices.excluded = {"name"};
    EXPECT_EQ(build_probe(plan(items(), choices), {{"7"}, {"kept"}}),
              "/* slicetool table=items insert rows */ INSERT INTO `shop`.`items` (`id`, `name`) "
              "VALUES ('7','kept') ON DUPLICATE KEY UPDATE "
              "`id` = IF((@slicetool_0 := CONCAT(`id`)) IS NULL, `id`, `id`)");
}

} // namespace
} // namespace slicetool::sync
