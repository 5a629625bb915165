#include "sync/keyless_statements.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

std::string comment(const TableSide& side, std::string_view what)
{
    return fmt::format("/* slicetool table={} {} */", sql::comment_text(side.name), what);
}

/// The bucket of a raw digest: its first byte, or its first twelve bits.
std::string bucket_of(Buckets buckets, const std::string& digest)
{
    if (buckets == Buckets::few)
        return fmt::format("ORD({})", digest);
    return fmt::format("(ORD({0}) * 16 + ORD(SUBSTRING({0}, 2)) DIV 16)", digest);
}

/// "FROM (SELECT <digest> AS d FROM t WHERE …) AS r".
std::string from_digests(const TableSide& side)
{
    return fmt::format("FROM (SELECT {} AS d FROM {}{}) AS r", side.encoding.row_digest_sql(),
                       side.from, side.where.empty() ? "" : " WHERE " + side.where);
}

std::string in_buckets(Buckets buckets, const std::string& digest,
                       const std::vector<std::uint32_t>& wanted)
{
    std::vector<std::string> numbers;
    for (const std::uint32_t bucket : wanted)
        numbers.push_back(std::to_string(bucket));
    return fmt::format("{} IN ({})", bucket_of(buckets, digest), base::join(numbers, ", "));
}

std::string with_digests(const TableSide& side, const std::vector<std::string>& digests)
{
    std::vector<std::string> literals;
    for (const auto& digest : digests)
        literals.push_back("x'" + hash::to_hex(digest) + "'");
    return fmt::format("{} IN ({})", side.encoding.row_digest_sql(), base::join(literals, ", "));
}

std::string and_where(const TableSide& side)
{
    return side.where.empty() ? "" : fmt::format(" AND ({})", side.where);
}

std::string select_rows(const TableSide& side, const std::string& condition)
{
    return fmt::format("{} SELECT {} FROM {} WHERE {}{}", comment(side, "rows by digest"),
                       base::join(side.encoding.select_list(), ", "), side.from, condition,
                       and_where(side));
}

std::string save_rows(const TableSide& side, const hash::RowEncoding& stored,
                      const std::string& condition)
{
    return fmt::format("{} SELECT {}, {} FROM {} WHERE {}{} FOR UPDATE", comment(side, "save rows"),
                       stored.row_digest_sql(), base::join(stored.select_list(), ", "), side.from,
                       condition, and_where(side));
}

} // namespace

std::string build_buckets(const TableSide& side, Buckets buckets)
{
    return fmt::format(
        "{} SELECT {} AS b, COUNT(*), {} {} GROUP BY b", comment(side, "buckets"),
        bucket_of(buckets, "d"),
        hash::digest_raw_sql(side.encoding.digest(), "GROUP_CONCAT(d ORDER BY d SEPARATOR '')"),
        from_digests(side));
}

std::string build_bucket_digests(const TableSide& side, Buckets buckets,
                                 const std::vector<std::uint32_t>& wanted)
{
    return fmt::format("{} SELECT d, COUNT(*) {} WHERE {} GROUP BY d",
                       comment(side, "digests of buckets"), from_digests(side),
                       in_buckets(buckets, "d", wanted));
}

std::string build_rows_of_buckets(const TableSide& side, Buckets buckets,
                                  const std::vector<std::uint32_t>& wanted)
{
    return select_rows(side, in_buckets(buckets, side.encoding.row_digest_sql(), wanted));
}

std::string build_rows_of_digests(const TableSide& side, const std::vector<std::string>& digests)
{
    return select_rows(side, with_digests(side, digests));
}

std::string build_delete_digests(const TableSide& side, const std::vector<std::string>& digests,
                                 std::uint64_t limit)
{
    return fmt::format("{} DELETE FROM {} WHERE {}{} LIMIT {}", comment(side, "delete by digest"),
                       side.table, with_digests(side, digests), and_where(side), limit);
}

std::string build_stored_counts(const TableSide& side, const hash::RowEncoding& stored,
                                Buckets buckets, const std::vector<std::uint32_t>& wanted)
{
    const std::string chosen =
        wanted.empty() ? "TRUE" : in_buckets(buckets, side.encoding.row_digest_sql(), wanted);
    return fmt::format("{} SELECT {} AS s, COUNT(*) FROM {} WHERE {}{} GROUP BY s",
                       comment(side, "count rows"), stored.row_digest_sql(), side.from, chosen,
                       and_where(side));
}

std::string build_all_counts(const TableSide& side)
{
    return fmt::format("{} SELECT {} AS s, COUNT(*) FROM {} GROUP BY s",
                       comment(side, "count rows"), side.encoding.row_digest_sql(), side.from);
}

std::string build_delete_all(const TableSide& side)
{
    return fmt::format("{} DELETE FROM {}", comment(side, "delete all rows"), side.table);
}

std::string build_saved_rows(const TableSide& side, const hash::RowEncoding& stored)
{
    return save_rows(side, stored, "TRUE");
}

std::string build_saved_rows_of_digests(const TableSide& side, const hash::RowEncoding& stored,
                                        const std::vector<std::string>& digests)
{
    return save_rows(side, stored, with_digests(side, digests));
}

} // namespace slicetool::sync
