#include "sync/unique_probe.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sync/reads.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

constexpr std::size_t k_keys_per_statement = 200;

std::string variable(std::size_t at)
{
    return fmt::format("@slicetool_{}", at);
}

/// "@slicetool_0, @slicetool_1"
std::string variables(const TablePair& pair)
{
    std::vector<std::string> names;
    for (std::size_t at = 0; at < pair.downstream.key.size(); ++at)
        names.push_back(variable(at));
    return base::join(names, ", ");
}

void delete_rows(const TablePair& pair, db::Session& downstream, const std::vector<KeyTuple>& keys)
{
    for (std::size_t from = 0; from < keys.size(); from += k_keys_per_statement) {
        const auto to = std::min(keys.size(), from + k_keys_per_statement);
        downstream.execute(
            "delete rows of " + pair.downstream.name,
            build_delete_keys(pair.downstream, {keys.begin() + static_cast<std::ptrdiff_t>(from),
                                                keys.begin() + static_cast<std::ptrdiff_t>(to)}));
    }
}

} // namespace

std::string build_probe(const TablePair& pair, const ComingRow& row)
{
    const bool with_carried = !row.carried.empty();
    std::string text =
        build_insert_head(pair.downstream,
                          with_carried ? pair.carried : std::vector<hash::EncodedColumn>{}) +
        "(";
    append_values(text, pair.downstream.encoding.columns(), row.values);
    if (with_carried) {
        text += ',';
        append_values(text, pair.carried, row.carried);
    }
    std::vector<std::string> kept;
    for (std::size_t at = 0; at < pair.downstream.key.size(); ++at) {
        const KeyColumn& column = pair.downstream.key[at];
        // Either way the column keeps its value: nothing is updated.
        kept.push_back(fmt::format("{0} = IF(({1} := CONCAT({2})) IS NULL, {0}, {0})",
                                   sql::quote_identifier(column.name), variable(at),
                                   column.value_sql));
    }
    return text + ") ON DUPLICATE KEY UPDATE " + base::join(kept, ", ");
}

std::vector<KeyTuple> probe_holders(const TablePair& pair, db::Session& downstream,
                                    const std::vector<KeyTuple>& gone,
                                    const std::vector<ComingRow>& coming)
{
    const std::string label = "look for rows of " + pair.downstream.name + " that collide";
    std::vector<KeyTuple> holders;
    const db::Transaction trial(downstream);
    delete_rows(pair, downstream, gone);
    for (const auto& row : coming) {
        if (downstream.execute(label, build_probe(pair, row)) != 0)
            continue;
        if (auto holder = read_key(downstream, pair.downstream, label, "SELECT " + variables(pair)))
            holders.push_back(*std::move(holder));
    }
    return holders;
}

} // namespace slicetool::sync
