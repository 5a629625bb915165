#include "sync/schema_choice.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/schema.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

using Names = std::vector<std::string>;

bool contains(const Names& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

void require_known(const Names& names, const Names& known, const db::Session& upstream)
{
    for (const auto& name : names) {
        if (contains(known, name))
            continue;
        const auto close = base::nearest(name, known);
        const std::string hint =
            close ? fmt::format(" Did you mean {}?", sql::quote_identifier(*close)) : "";
        throw base::UsageError(fmt::format("{} has no table {}.{}", upstream.endpoint().describe(),
                                           sql::quote_identifier(name), hint));
    }
}

} // namespace

std::vector<std::string> choose_tables(db::Session& upstream, const PullSchemaOptions& options)
{
    const Names all = db::list_tables(upstream);
    Names needed = options.tables;
    std::erase_if(needed, [&](const auto& name) { return contains(options.optional, name); });
    require_known(needed, all, upstream);
    require_known(options.exclude, all, upstream);
    require_known(options.recreate, all, upstream);
    Names chosen;
    for (const auto& name : all) {
        const bool wanted = options.tables.empty() || contains(options.tables, name);
        if (wanted && !contains(options.exclude, name))
            chosen.push_back(name);
    }
    for (const auto& name : options.recreate) {
        if (!contains(chosen, name))
            throw base::UsageError(
                fmt::format("Table {} is to be recreated, but is not among the chosen tables.",
                            sql::quote_identifier(name)));
    }
    return chosen;
}

} // namespace slicetool::sync
