#include "sync/charsets.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sync/reads.hpp"

#include <fmt/format.h>
#include <optional>

namespace slicetool::sync {

namespace {

std::string convert(const std::string& text, const std::string& charset)
{
    return fmt::format("CONVERT({} USING {})", text, charset);
}

/// True for values that are other bytes after a way through `by` and back to `charset`. By digests:
/// of a value beyond max_allowed_packet, CAST(… AS BINARY) makes NULL or an empty text.
std::string is_changed(const std::string& value, const std::string& by, const std::string& charset)
{
    return fmt::format("NOT (SHA2({}, 256) <=> SHA2({}, 256))", value,
                       convert(convert(value, by), charset));
}

struct LossyValue
{
    std::size_t column;
    KeyTuple key;
};

std::optional<LossyValue> find_lossy(db::Session& session, const TableSide& side,
                                     const std::vector<ConvertedColumn>& converted,
                                     bool into_downstream)
{
    db::Result row = session.query("check the character sets of " + side.name,
                                   build_lossy(side, converted, into_downstream));
    if (!row.next())
        return std::nullopt;
    return LossyValue{row.number(0), key_from(row, side, 1)};
}

[[noreturn]] void refuse(const TablePair& pair, const TableSide& side, const LossyValue& lossy,
                         const char* where)
{
    const ConvertedColumn& column = pair.converted.at(lossy.column);
    throw base::Refusal(fmt::format(
        "Table {}: column {} is {} upstream and {} downstream, and {} holds a value{} that does "
        "not survive the conversion. Nothing was written. Make the character sets alike, for "
        "example by pull_schema --alter, or leave the column out with columns: {{exclude: [{}]}}.",
        side.name, column.upstream_name, column.upstream_charset, column.downstream_charset, where,
        lossy.key.empty() ? "" : fmt::format(" ({})", describe(side.key, lossy.key)),
        column.upstream_name));
}

} // namespace

std::string build_lossy(const TableSide& side, const std::vector<ConvertedColumn>& converted,
                        bool into_downstream)
{
    std::string which;
    std::vector<std::string> conditions;
    for (std::size_t at = 0; at < converted.size(); ++at) {
        const ConvertedColumn& column = converted[at];
        const std::string value =
            sql::quote_identifier(into_downstream ? column.upstream_name : column.downstream_name);
        std::string changed =
            is_changed(value, "utf8mb4",
                       into_downstream ? column.upstream_charset : column.downstream_charset);
        if (into_downstream)
            changed += " OR " +
                       is_changed(convert(value, "utf8mb4"), column.downstream_charset, "utf8mb4");
        which += fmt::format(" WHEN {} THEN {}", changed, at);
        conditions.push_back(changed);
    }
    std::string list = fmt::format("CASE{} END", which);
    for (const auto& column : side.key)
        list += ", " + column.value_sql;
    return fmt::format("/* slicetool table={} character sets */ SELECT {} FROM {} WHERE ({}){} "
                       "LIMIT 1",
                       sql::comment_text(side.name), list, side.from,
                       base::join(conditions, " OR "),
                       side.where.empty() ? "" : fmt::format(" AND ({})", side.where));
}

void refuse_lossy_conversion(const TablePair& pair, SessionPair& sessions)
{
    if (pair.converted.empty())
        return;
    const auto [up, down] = sessions.both(
        [&](db::Session& session) {
            return find_lossy(session, pair.upstream, pair.converted, true);
        },
        [&](db::Session& session) {
            return find_lossy(session, pair.downstream, pair.converted, false);
        });
    if (up)
        refuse(pair, pair.upstream, *up, "upstream");
    if (down)
        refuse(pair, pair.downstream, *down, "downstream");
}

} // namespace slicetool::sync
