#pragma once

#include "sql/table.hpp"
#include "sync/table_pair.hpp"

#include <string>
#include <vector>

/// Table descriptions for tests of the engine's decisions and statements.
namespace slicetool::sync::test {

inline sql::Column column(const std::string& name, sql::TypeKind kind, const std::string& data_type)
{
    sql::Column result;
    result.name = name;
    result.kind = kind;
    result.data_type = data_type;
    result.column_type = data_type;
    return result;
}

inline sql::Column not_null(sql::Column column)
{
    column.nullable = false;
    return column;
}

inline sql::Column integer(const std::string& name, const std::string& data_type = "bigint")
{
    return column(name, sql::TypeKind::integer, data_type);
}

inline sql::Column varchar(const std::string& name, std::uint64_t length,
                           const std::string& charset = "utf8mb4")
{
    sql::Column result = column(name, sql::TypeKind::character, "varchar");
    const std::uint64_t widest = charset == "utf8mb4" ? 4 : charset == "utf8mb3" ? 3 : 1;
    result.column_type = "varchar(" + std::to_string(length) + ")";
    result.length = length;
    result.octet_length = length * widest;
    result.charset = charset;
    result.collation = charset + "_general_ci";
    return result;
}

inline sql::Column fixed_char(const std::string& name, std::uint64_t length)
{
    sql::Column result = varchar(name, length);
    result.data_type = "char";
    result.column_type = "char(" + std::to_string(length) + ")";
    return result;
}

inline sql::Column bytes(const std::string& name, const std::string& data_type,
                         std::uint64_t length)
{
    const bool blob = data_type.ends_with("blob");
    sql::Column result =
        column(name, blob ? sql::TypeKind::blob : sql::TypeKind::binary, data_type);
    result.length = length;
    result.octet_length = length;
    return result;
}

inline sql::Column text(const std::string& name, const std::string& data_type, std::uint64_t octets)
{
    sql::Column result = column(name, sql::TypeKind::text, data_type);
    result.length = octets;
    result.octet_length = octets;
    result.charset = "utf8mb4";
    result.collation = "utf8mb4_general_ci";
    return result;
}

inline sql::Column list(const std::string& name, sql::TypeKind kind,
                        const std::vector<std::string>& elements)
{
    sql::Column result = column(name, kind, kind == sql::TypeKind::set ? "set" : "enum");
    result.elements = elements;
    return result;
}

inline sql::Index unique_index(const std::string& name, const std::vector<std::string>& columns)
{
    sql::Index result;
    result.name = name;
    result.primary = name == "PRIMARY";
    result.unique = true;
    result.type = "BTREE";
    for (const auto& each : columns)
        result.parts.push_back({each, {}, false, "", false});
    return result;
}

inline sql::Table table(const std::vector<sql::Column>& columns,
                        const std::vector<sql::Index>& indexes)
{
    sql::Table result;
    result.schema = "shop";
    result.name = "items";
    result.engine = "InnoDB";
    result.columns = columns;
    result.indexes = indexes;
    return result;
}

/// `items` (`id` BIGINT PRIMARY KEY, `name` VARCHAR(20)).
inline sql::Table items()
{
    return table({not_null(integer("id")), varchar("name", 20)}, {unique_index("PRIMARY", {"id"})});
}

/// `items` with the primary key (`a` BIGINT, `s` VARCHAR(10)).
inline sql::Table composite()
{
    return table({not_null(integer("a")), not_null(varchar("s", 10)), integer("n")},
                 {unique_index("PRIMARY", {"a", "s"})});
}

inline constexpr SideLimits k_limits{16 * 1024 * 1024, 16 * 1024 * 1024};

inline TablePair plan(const sql::Table& upstream, const sql::Table& downstream,
                      const TableChoices& choices = {})
{
    return plan_table_pair(upstream, downstream, choices, hash::DigestKind::md5, k_limits,
                           k_limits);
}

inline TablePair plan(const sql::Table& both, const TableChoices& choices = {})
{
    return plan(both, both, choices);
}

/// The sentence with which `work` refuses, or empty.
template<class Refusal, class Work>
std::string refusal_of(Work work)
{
    try {
        work();
    } catch (const Refusal& refusal) {
        return refusal.what();
    }
    return "";
}

} // namespace slicetool::sync::test
