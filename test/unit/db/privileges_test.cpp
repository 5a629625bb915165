#include "db/privileges.hpp"

#include <gmock/gmock.h>

namespace slicetool::db {
namespace {

bool may_see_triggers(const std::vector<std::string>& grants)
{
    return grants_privilege(grants, "TRIGGER", "my_db", "items");
}

TEST(GrantsPrivilege, KnowsTheThreeScopes)
{
    EXPECT_TRUE(may_see_triggers({"GRANT SELECT, TRIGGER ON *.* TO `u`@`%`"}));
    EXPECT_TRUE(may_see_triggers({"GRANT TRIGGER, SELECT ON `my_db`.* TO `u`@`%`"}));
    EXPECT_TRUE(may_see_triggers({"GRANT TRIGGER ON `my_db`.`items` TO `u`@`%`"}));
    EXPECT_TRUE(
        may_see_triggers({"GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION"}));
}

TEST(GrantsPrivilege, LooksAtEveryGrant)
{
    EXPECT_TRUE(may_see_triggers(
        {"GRANT USAGE ON *.* TO `u`@`%`", "GRANT TRIGGER ON `my_db`.* TO `u`@`%`"}));
    EXPECT_FALSE(may_see_triggers({}));
}

TEST(GrantsPrivilege, ReadsEscapedNames)
{
    EXPECT_TRUE(may_see_triggers({"GRANT TRIGGER ON `my\\_db`.* TO `u`@`%`"}));
}

TEST(GrantsPrivilege, TakesNothingElseForIt)
{
    EXPECT_FALSE(may_see_triggers({"GRANT SELECT, INSERT, DELETE ON `my_db`.* TO `u`@`%`"}));
    EXPECT_FALSE(may_see_triggers({"GRANT TRIGGER ON `other`.* TO `u`@`%`"}));
    EXPECT_FALSE(may_see_triggers({"GRANT TRIGGER ON `my_db`.`other` TO `u`@`%`"}));
    EXPECT_FALSE(may_see_triggers({"GRANT `TRIGGER`@`%` TO `u`@`%`"})) << "a role of that name";
}

TEST(GrantsPrivilege, DoesNotCountAPatternOfDatabases)
{
    EXPECT_FALSE(may_see_triggers({"GRANT TRIGGER ON `my%`.* TO `u`@`%`"}));
}

TEST(GrantsPrivilege, DoesNotCountWhatIsPartlyRevoked)
{
    EXPECT_FALSE(may_see_triggers(
        {"GRANT SELECT, TRIGGER ON *.* TO `u`@`%`", "REVOKE TRIGGER ON `my_db`.* FROM `u`@`%`"}));
}

} // namespace
} // namespace slicetool::db
