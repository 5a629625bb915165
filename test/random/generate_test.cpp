#include "random/generate.hpp"

#include "random/random.hpp"
#include "random/render.hpp"

#include <gtest/gtest.h>
#include <set>

namespace slicetool::search {
namespace {

constexpr std::uint64_t k_cases = 300; // as many as in CI

constexpr Families k_mariadb = {sql::Family::mariadb, sql::Family::mariadb};
constexpr Families k_mysql = {sql::Family::mysql, sql::Family::mysql};

TEST(Random, IsTheSameOnEveryMachine)
{
    Random random(42);
    EXPECT_EQ(random.next(), 13679457532755275413U);
    EXPECT_EQ(random.next(), 2949826092126892291U);
}

TEST(MakeCase, IsTheSameForTheSameSeed)
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        EXPECT_EQ(script(make_case(seed, k_mariadb)), script(make_case(seed, k_mariadb)));
}

TEST(MakeCase, IsAnotherForAnotherSeed)
{
    std::set<std::string> scripts;
    for (std::uint64_t seed = 1; seed <= 50; ++seed)
        scripts.insert(script(make_case(seed, k_mysql)));
    EXPECT_EQ(scripts.size(), 50U);
}

/// What is among the cases that CI looks at.
struct Seen
{
    std::set<Kind> kinds;
    std::set<Kind> key_kinds; ///< of primary keys of one column
    std::set<std::string> integer_keys;
    std::set<std::string> charsets;
    bool composite_key = false;
    bool no_key = false;
    bool unique_instead = false;
    bool nullable_unique_only = false;
    bool prefix_only = false;
    bool foreign_key = false;
    bool self_reference = false;
    bool generated = false;
    bool invisible = false;
    bool second_unique = false;
    bool empty = false;
    bool large = false;
};

void look_at(const Families& families, Seen& seen)
{
    for (std::uint64_t seed = 1; seed <= k_cases; ++seed) {
        const Case of = make_case(seed, families);
        for (std::size_t at = 0; at < of.tables.size(); ++at) {
            const Table& table = of.tables[at];
            for (const Column& column : table.columns) {
                seen.kinds.insert(column.kind);
                seen.charsets.insert(column.charset);
                seen.generated |= !column.generation.empty();
                seen.invisible |= column.attributes.find("INVISIBLE") != std::string::npos;
            }
            const Key* key = identifying_key(table);
            seen.no_key |= table.keys.empty();
            seen.composite_key |= key != nullptr && key->columns.size() > 1;
            seen.unique_instead |= key != nullptr && key->shape == Key::Shape::unique;
            if (key != nullptr && key->columns.size() == 1) {
                const Column& column = table.columns[key->columns[0]];
                seen.key_kinds.insert(column.kind);
                if (column.kind == Kind::integer)
                    seen.integer_keys.insert(column.type);
            }
            for (const Key& one : table.keys) {
                seen.prefix_only |= key == nullptr && one.prefix > 0;
                seen.nullable_unique_only |=
                    key == nullptr && one.shape == Key::Shape::unique && one.prefix == 0;
                seen.second_unique |= one.shape == Key::Shape::unique && &one != key;
            }
            for (const ForeignKey& one : table.foreign_keys) {
                seen.foreign_key |= one.table < at;
                seen.self_reference |= one.table == at;
            }
            seen.empty |= table.rows.empty();
            seen.large |= table.rows.size() > 1000;
        }
    }
}

Seen look_at(const std::vector<Families>& pairings)
{
    Seen seen;
    for (const Families& families : pairings)
        look_at(families, seen);
    return seen;
}

const std::vector<Families> k_pairings = {k_mariadb,
                                          k_mysql,
                                          {sql::Family::mariadb, sql::Family::mysql},
                                          {sql::Family::mysql, sql::Family::mariadb}};

TEST(MakeCase, CoversEveryTypeOfEachFamily)
{
    const std::set<Kind> k_common = {
        Kind::integer, Kind::decimal,  Kind::real32,      Kind::real64,  Kind::bit, Kind::date,
        Kind::time,    Kind::datetime, Kind::timestamp,   Kind::year,    Kind::set, Kind::text,
        Kind::bytes,   Kind::json,     Kind::enumeration, Kind::geometry};
    std::set<Kind> mariadb = k_common;
    mariadb.insert({Kind::uuid, Kind::inet4, Kind::inet6});
    std::set<Kind> mysql = k_common;
    mysql.insert(Kind::vector);
    EXPECT_EQ(look_at({k_mariadb}).kinds, mariadb);
    EXPECT_EQ(look_at({k_mysql}).kinds, mysql);
}

TEST(MakeCase, CoversEveryShapeOfKey)
{
    const Seen seen = look_at(k_pairings);
    EXPECT_TRUE(seen.composite_key);
    EXPECT_TRUE(seen.no_key);
    EXPECT_TRUE(seen.unique_instead);
    EXPECT_TRUE(seen.nullable_unique_only);
    EXPECT_TRUE(seen.prefix_only);
    EXPECT_TRUE(seen.foreign_key);
    EXPECT_TRUE(seen.self_reference);
    EXPECT_TRUE(seen.second_unique);
    for (const Kind kind :
         {Kind::integer, Kind::decimal, Kind::text, Kind::bytes, Kind::date, Kind::time,
          Kind::datetime, Kind::timestamp, Kind::year, Kind::bit, Kind::enumeration})
        EXPECT_EQ(seen.key_kinds.count(kind), 1U) << static_cast<int>(kind);
    for (const char* width : {"TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT"}) {
        EXPECT_EQ(seen.integer_keys.count(width), 1U) << width;
        EXPECT_EQ(seen.integer_keys.count(std::string(width) + " UNSIGNED"), 1U) << width;
    }
}

TEST(MakeCase, CoversWhatElseATableMayHave)
{
    const Seen seen = look_at(k_pairings);
    EXPECT_TRUE(seen.generated);
    EXPECT_TRUE(seen.invisible);
    EXPECT_TRUE(seen.empty);
    EXPECT_TRUE(seen.large);
    for (const char* charset : {"utf8mb4", "utf8mb3", "latin1", "ascii", "ucs2", "utf16", "utf32",
                                "gbk", "sjis", "cp1251"})
        EXPECT_EQ(seen.charsets.count(charset), 1U) << charset;
}

} // namespace
} // namespace slicetool::search
