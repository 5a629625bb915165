#include "db/grant_advice.hpp"

#include <gmock/gmock.h>

namespace slicetool::db {
namespace {

std::string advice(int number, std::string_view message)
{
    return grant_advice(number, message, "my_db", "reader@%");
}

TEST(GrantAdvice, OfTablesInTheWordsOfBothFamilies)
{
    EXPECT_EQ(advice(1142, "SELECT command denied to user 'reader'@'localhost' for table "
                           "`my_db`.`or``ders`"),
              "GRANT SELECT ON `my_db`.`or``ders` TO `reader`@`%`");
    EXPECT_EQ(advice(1142, "DELETE command denied to user 'reader'@'localhost' for table 'it's'"),
              "GRANT DELETE ON `my_db`.`it's` TO `reader`@`%`");
    EXPECT_EQ(
        advice(1142, "INSERT, CREATE command denied to user 'reader'@'localhost' for table 't'"),
        "GRANT INSERT, CREATE ON `my_db`.`t` TO `reader`@`%`");
    EXPECT_EQ(advice(1142, "SHOW command denied to user 'reader'@'localhost' for table 't'"),
              "GRANT SELECT ON `my_db`.`t` TO `reader`@`%`");
}

TEST(GrantAdvice, OfColumnsIsForTheTable)
{
    EXPECT_EQ(advice(1143, "SELECT command denied to user 'u'@'h' for column 'c' in table 't'"),
              "GRANT SELECT ON `my_db`.`t` TO `reader`@`%`");
}

TEST(GrantAdvice, OfDatabasesIsNoPattern)
{
    EXPECT_EQ(
        grant_advice(1044, "Access denied for user 'o'brien'@'%' to database 'my_db'", "my_db", ""),
        "GRANT SELECT ON `my\\_db`.* TO `o'brien`@`%`");
}

TEST(GrantAdvice, OfTheServerTakesTheLeastPrivilege)
{
    EXPECT_EQ(advice(1227,
                     "Access denied; you need (at least one of) the SUPER, REPLICATION CLIENT "
                     "privilege(s) for this operation"),
              "GRANT REPLICATION CLIENT ON *.* TO `reader`@`%`");
    EXPECT_EQ(advice(1227, "Access denied; you need (at least one of) the RELOAD or FLUSH_TABLES "
                           "privilege(s) for this operation"),
              "GRANT FLUSH_TABLES ON *.* TO `reader`@`%`");
    EXPECT_EQ(advice(1227,
                     "Access denied; you need (at least one of) the RELOAD privilege(s) for this "
                     "operation"),
              "GRANT RELOAD ON *.* TO `reader`@`%`");
}

TEST(GrantAdvice, IsSilentWhereItUnderstandsNothing)
{
    EXPECT_EQ(advice(1064, "You have an error in your SQL syntax"), "");
    EXPECT_EQ(advice(1142, "SELECT Befehl abgelehnt"), "");
    EXPECT_EQ(advice(1142, " command denied to user "), "");
    EXPECT_EQ(advice(1142, "SELECT command denied to user 'u'@'h' for table `half"), "");
    EXPECT_EQ(advice(1044, "' to database "), "");
    EXPECT_EQ(advice(1227, "(at least one of) the "), "");
    EXPECT_EQ(grant_advice(1044, "Access denied for user x to database 'd'", "d", ""), "");
}

TEST(GrantAdvice, QuotesAccounts)
{
    EXPECT_EQ(quoted_account("a@b@10.0.0.%"), "`a@b`@`10.0.0.%`");
    EXPECT_EQ(quoted_account("we`ird@localhost"), "`we``ird`@`localhost`");
}

} // namespace
} // namespace slicetool::db
