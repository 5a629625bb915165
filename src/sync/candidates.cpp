#include "sync/candidates.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sync/reads.hpp"

#include <fmt/format.h>
#include <utility>

namespace slicetool::sync {

namespace {

/// Rows of one query. A condition without an index makes each of them scan from where the last one
/// ended; one on a subquery makes each evaluate it again. Some MiB of memory if all of them differ.
constexpr std::uint64_t k_portion = 20'000;

/// Rows that are looked up downstream together.
constexpr std::size_t k_rows_per_look = 1000;

} // namespace

std::string build_candidates(const TableSide& side, const Candidates& candidates,
                             std::uint64_t limit)
{
    std::vector<std::string> keys;
    for (const auto& column : side.key)
        keys.push_back(column.value_sql);
    std::vector<std::string> conditions;
    for (const auto& condition :
         {build_range_condition(side.key, candidates.within), candidates.condition, side.where}) {
        if (!condition.empty())
            conditions.push_back("(" + condition + ")");
    }
    return fmt::format("/* slicetool table={} candidates */ SELECT {}, {} FROM {}{}{} ORDER BY {} "
                       "LIMIT {}",
                       sql::comment_text(side.name), side.encoding.row_digest_sql(),
                       base::join(keys, ", "), candidates.from, conditions.empty() ? "" : " WHERE ",
                       base::join(conditions, " AND "), side.key_list, limit);
}

void look_at(const Candidates& candidates, const StepContext& context, const TablePair& pair,
             KeyRows& rows)
{
    Candidates rest = candidates;
    for (std::uint64_t seen = k_portion; seen == k_portion; rows.copy()) {
        seen = 0;
        DigestsByKey some;
        const auto compare = [&] { rows.compare(std::exchange(some, {})); };
        db::Result result =
            context.sessions().upstream().query("look for rows of " + pair.upstream.name,
                                                build_candidates(pair.upstream, rest, k_portion));
        for (; result.next(); ++seen) {
            const KeyTuple key = key_from(result, pair.upstream, 1);
            some[key] = result.text(0);
            rest.within.lower = Bound{key, true};
            if (some.size() == k_rows_per_look)
                compare();
        }
        compare();
    }
}

} // namespace slicetool::sync
