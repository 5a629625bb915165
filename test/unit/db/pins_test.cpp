#include "db/pins.hpp"

#include <algorithm>
#include <gmock/gmock.h>

namespace slicetool::db {
namespace {

using testing::HasSubstr;
using testing::Not;

Server server_of(sql::Family family)
{
    Server server;
    server.family = family;
    server.version_number = family == sql::Family::mysql ? 90701 : 101119;
    server.max_allowed_packet = 16 * 1024 * 1024;
    return server;
}

/// The value a variable is set to, or "unset".
std::string value_of(const Server& server, Role role, const std::string& variable)
{
    const auto pins = session_pins(server, role);
    const auto found = std::find_if(pins.begin(), pins.end(),
                                    [&](const Pin& pin) { return pin.variable == variable; });
    return found == pins.end() ? "unset" : found->value;
}

TEST(SessionPins, MoveBytesUnconverted)
{
    for (const auto family : {sql::Family::mariadb, sql::Family::mysql}) {
        for (const auto role : {Role::reader, Role::writer}) {
            const Server server = server_of(family);
            EXPECT_EQ(value_of(server, role, "character_set_client"), "binary");
            EXPECT_EQ(value_of(server, role, "character_set_connection"), "binary");
            EXPECT_EQ(value_of(server, role, "character_set_results"), "binary");
            EXPECT_EQ(value_of(server, role, "time_zone"), "'+00:00'");
            EXPECT_EQ(value_of(server, role, "group_concat_max_len"), "16777216");
        }
    }
}

TEST(SessionPins, LetNothingLimitARead)
{
    EXPECT_EQ(value_of(server_of(sql::Family::mariadb), Role::reader, "max_statement_time"), "0");
    EXPECT_EQ(value_of(server_of(sql::Family::mysql), Role::reader, "max_execution_time"), "0");
    EXPECT_EQ(value_of(server_of(sql::Family::mysql), Role::reader, "sql_select_limit"),
              "18446744073709551615");
}

TEST(SessionPins, NameTheIsolationAsTheFamilyDoes)
{
    EXPECT_EQ(value_of(server_of(sql::Family::mariadb), Role::reader, "tx_isolation"),
              "'REPEATABLE-READ'");
    EXPECT_EQ(value_of(server_of(sql::Family::mysql), Role::reader, "transaction_isolation"),
              "'REPEATABLE-READ'");
    EXPECT_EQ(value_of(server_of(sql::Family::mysql), Role::reader, "tx_isolation"), "unset");
}

TEST(SessionPins, AskOlderServersForNothingTheyLack)
{
    Server server = server_of(sql::Family::mysql);
    const std::string variable = "show_gipk_in_create_table_and_information_schema";
    EXPECT_EQ(value_of(server, Role::reader, variable), "1");
    server.version_number = 80029;
    EXPECT_EQ(value_of(server, Role::reader, variable), "unset");
}

TEST(SessionPins, ReadTheRowsThemselvesAsTheyAreNow)
{
    Server mysql = server_of(sql::Family::mysql);
    const Server mariadb = server_of(sql::Family::mariadb);
    for (const auto role : {Role::reader, Role::writer}) {
        EXPECT_EQ(value_of(mysql, role, "use_secondary_engine"), "OFF");
        EXPECT_EQ(value_of(mysql, role, "system_versioning_asof"), "unset");
        EXPECT_EQ(value_of(mariadb, role, "system_versioning_asof"), "DEFAULT");
        EXPECT_EQ(value_of(mariadb, role, "use_secondary_engine"), "unset");
    }
    mysql.version_number = 80012;
    EXPECT_EQ(value_of(mysql, Role::reader, "use_secondary_engine"), "unset");
}

TEST(SessionPins, SortByTheWholeKey)
{
    for (const auto family : {sql::Family::mariadb, sql::Family::mysql})
        EXPECT_EQ(value_of(server_of(family), Role::reader, "max_sort_length"), "65536");
    EXPECT_THAT(value_of(server_of(sql::Family::mariadb), Role::reader, "sort_buffer_size"),
                HasSubstr("8388608"));
}

TEST(SessionPins, OnlyWritersSwitchForeignKeysOff)
{
    const Server server = server_of(sql::Family::mariadb);
    EXPECT_EQ(value_of(server, Role::writer, "foreign_key_checks"), "0");
    EXPECT_EQ(value_of(server, Role::writer, "unique_checks"), "1");
    EXPECT_EQ(value_of(server, Role::reader, "foreign_key_checks"), "unset");
}

TEST(SessionPins, WritersAreStrictAndReadersKeepWhatIsStored)
{
    const Server server = server_of(sql::Family::mysql);
    const std::string reader = value_of(server, Role::reader, "sql_mode");
    const std::string writer = value_of(server, Role::writer, "sql_mode");
    EXPECT_THAT(writer, HasSubstr("STRICT_ALL_TABLES"));
    EXPECT_THAT(reader, Not(HasSubstr("STRICT")));
    for (const auto& mode : {reader, writer}) {
        EXPECT_THAT(mode, HasSubstr("ALLOW_INVALID_DATES"));
        EXPECT_THAT(mode, HasSubstr("NO_AUTO_VALUE_ON_ZERO"));
        for (const char* harmful : {"NO_BACKSLASH_ESCAPES", "ANSI_QUOTES",
                                    "PAD_CHAR_TO_FULL_LENGTH", "NO_ZERO_DATE", "NO_ZERO_IN_DATE"})
            EXPECT_THAT(mode, Not(HasSubstr(harmful)));
    }
    EXPECT_THAT(writer, HasSubstr(writer_mode(Strict::yes)));
    EXPECT_THAT(writer_mode(Strict::no), Not(HasSubstr("STRICT")));
}

TEST(SessionPins, GroupConcatIsNeverShorterThanServersAllow)
{
    Server server = server_of(sql::Family::mysql);
    server.max_allowed_packet = 0;
    EXPECT_EQ(value_of(server, Role::reader, "group_concat_max_len"), "1024");
}

TEST(BuildPins, SetsAndReadsInTheSameOrder)
{
    const std::vector<Pin> pins{{"a", "1", "1"}, {"b", "'x'", ""}};
    EXPECT_EQ(build_set_pins(pins), "SET SESSION a = 1, SESSION b = 'x'");
    EXPECT_EQ(build_read_pins(pins), "SELECT @@session.a, @@session.b");
}

} // namespace
} // namespace slicetool::db
