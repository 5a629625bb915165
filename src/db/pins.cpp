#include "db/pins.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::db {

namespace {

constexpr std::uint64_t k_group_concat_floor = 1024;

/// The mode under which literals mean what sql/quote writes and any stored value can be written
/// back: zero and invalid dates, id 0. Reading needs the same so that PAD_CHAR_TO_FULL_LENGTH or
/// ANSI_QUOTES of the server's default never apply.
constexpr const char* k_reader_mode = "ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO";
/// Writers are strict as well, so that a value that does not fit is an error with a name, before
/// the proof.
constexpr const char* k_writer_mode =
    "ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,STRICT_ALL_TABLES";

std::string as_number(std::uint64_t value)
{
    return std::to_string(value);
}

void add_common(std::vector<Pin>& pins, const Server& server)
{
    // Bytes travel unconverted in both directions; identifiers are taken as UTF-8 then.
    pins.push_back({"character_set_client", "binary", "binary"});
    pins.push_back({"character_set_connection", "binary", "binary"});
    pins.push_back({"character_set_results", "binary", "binary"});
    // TIMESTAMP prints the same instant the same way on every server.
    pins.push_back({"time_zone", "'+00:00'", "+00:00"});
    pins.push_back({"autocommit", "1", "1"});
    pins.push_back({"sql_select_limit", "18446744073709551615", "18446744073709551615"});
    pins.push_back({"sql_safe_updates", "0", "0"});
    pins.push_back({"sql_big_selects", "1", "1"});
    // As long as a packet can be: what is longer is never believed (see hash/fingerprint).
    const auto longest = std::max(k_group_concat_floor, server.max_allowed_packet);
    pins.push_back({"group_concat_max_len", as_number(longest), as_number(longest)});
    // The client may be slow to read (it waits for the other side) or silent (it works).
    pins.push_back({"net_write_timeout", "3600", "3600"});
    pins.push_back({"net_read_timeout", "3600", "3600"});
    pins.push_back({"wait_timeout", "28800", "28800"});
    pins.push_back({"sql_quote_show_create", "1", "1"});
    // Rows whose keys are alike so far would come in any order. Longer than any key of an index
    // with its weights (3072 bytes); what is much longer must fit the sort buffer fifteen times.
    pins.push_back({"max_sort_length", "65536", "65536"});
}

void add_family(std::vector<Pin>& pins, const Server& server)
{
    constexpr std::uint32_t k_first_with_invisible_keys = 80030;
    constexpr std::uint32_t k_first_with_secondary_engines = 80013;
    if (server.family == sql::Family::mariadb) {
        pins.push_back({"tx_isolation", "'REPEATABLE-READ'", "REPEATABLE-READ"});
        pins.push_back({"max_statement_time", "0", "0.000000"});
        // MariaDB refuses to sort by texts when its buffer is smaller than 15 of them could be,
        // however short they are; this is enough for a key of eight.
        pins.push_back({"sort_buffer_size", "GREATEST(@@sort_buffer_size, 8388608)", ""});
        // System-versioned tables are read as they are now, not as they were.
        pins.push_back({"system_versioning_asof", "DEFAULT", "DEFAULT"});
        return;
    }
    pins.push_back({"transaction_isolation", "'REPEATABLE-READ'", "REPEATABLE-READ"});
    pins.push_back({"max_execution_time", "0", "0"});
    // An invisible primary key that the server made is a key like any other.
    if (server.version_number >= k_first_with_invisible_keys)
        pins.push_back({"show_gipk_in_create_table_and_information_schema", "1", "1"});
    // A second copy of the rows (HeatWave) lags behind, and knows no snapshot of ours.
    if (server.version_number >= k_first_with_secondary_engines)
        pins.push_back({"use_secondary_engine", "OFF", "OFF"});
}

void add_reader(std::vector<Pin>& pins)
{
    // Reads wait for nothing but a table that somebody alters, or waits to alter; and whoever waits
    // to alter a table may be waiting for us, who have read it in the same transaction.
    pins.push_back({"lock_wait_timeout", "10", "10"});
}

void add_writer(std::vector<Pin>& pins)
{
    // No cascade fires and the order of tables does not matter; the caller checks the constraints.
    pins.push_back({"foreign_key_checks", "0", "0"});
    pins.push_back({"unique_checks", "1", "1"});
}

} // namespace

std::vector<Pin> session_pins(const Server& server, Role role)
{
    std::vector<Pin> pins;
    add_common(pins, server);
    add_family(pins, server);
    if (role == Role::reader)
        add_reader(pins);
    const std::string mode = role == Role::writer ? k_writer_mode : k_reader_mode;
    pins.push_back({"sql_mode", "'" + mode + "'", ""});
    if (role == Role::writer)
        add_writer(pins);
    return pins;
}

const char* writer_mode(Strict strict)
{
    return strict == Strict::yes ? k_writer_mode : k_reader_mode;
}

std::string build_set_pins(const std::vector<Pin>& pins)
{
    std::vector<std::string> parts;
    for (const auto& pin : pins)
        parts.push_back(fmt::format("SESSION {} = {}", pin.variable, pin.value));
    return "SET " + base::join(parts, ", ");
}

std::string build_read_pins(const std::vector<Pin>& pins)
{
    std::vector<std::string> parts;
    for (const auto& pin : pins)
        parts.push_back("@@session." + pin.variable);
    return "SELECT " + base::join(parts, ", ");
}

} // namespace slicetool::db
