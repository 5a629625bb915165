#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

/// Shorter words for SQLiteCpp; for the files of this folder that read and write rows.
namespace slicetool::state {

template<class Value>
void bind_value(SQLite::Statement& statement, int at, const Value& value)
{
    if constexpr (std::is_same_v<Value, bool>)
        statement.bind(at, value ? 1 : 0);
    else if constexpr (std::is_integral_v<Value>)
        statement.bind(at, static_cast<std::int64_t>(value)); // counts stay below 2^63
    else
        statement.bind(at, value);
}

/// Runs a statement with these values for its question marks.
template<class... Values>
void run_statement(SQLite::Database& database, const std::string& text, const Values&... values)
{
    SQLite::Statement statement(database, text);
    int at = 0;
    (bind_value(statement, ++at, values), ...);
    while (statement.executeStep()) {
    }
}

/// A query with these values; step through it with executeStep().
template<class... Values>
SQLite::Statement query(SQLite::Database& database, const std::string& text,
                        const Values&... values)
{
    SQLite::Statement statement(database, text);
    int at = 0;
    (bind_value(statement, ++at, values), ...);
    return statement;
}

inline std::uint64_t count_at(const SQLite::Statement& row, int at)
{
    return static_cast<std::uint64_t>(row.getColumn(at).getInt64());
}

inline std::int64_t to_milliseconds(std::chrono::system_clock::time_point time)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

inline std::chrono::system_clock::time_point from_milliseconds(std::int64_t milliseconds)
{
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
}

} // namespace slicetool::state
