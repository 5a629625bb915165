#include "sync/carried_rows.hpp"

#include "base/error.hpp"
#include "sync/key_chunks.hpp"
#include "sync/reads.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

[[noreturn]] void refuse_altered(const TablePair& pair, const KeyTuple& key,
                                 const std::string& column)
{
    throw base::Refusal(fmt::format(
        "Table {0}: the excluded column {2} of the row with {1} holds JSON that its text does not "
        "bring back (a DECIMAL, a date or bytes, which JSON functions put there), so that the row "
        "cannot be rewritten. Nothing of this batch was written. Where the text is good enough, "
        "UPDATE … SET {2} = CAST(CAST({2} AS CHAR) AS JSON) downstream, and run it again.",
        pair.downstream.name, describe(pair.downstream.key, key), column));
}

/// By the rows' own keys.
CarriedRows read_chunk(db::Session& downstream, const TablePair& pair,
                       const std::vector<KeyTuple>& keys)
{
    CarriedRows carried;
    const std::size_t first = pair.downstream.key.size();
    const std::size_t altered = first + pair.carried.size();
    db::Result rows = downstream.query("read the kept columns of " + pair.downstream.name,
                                       build_carried(pair.downstream, pair.carried, keys));
    while (rows.next()) {
        KeyTuple key = key_from(rows, pair.downstream);
        if (rows.get(altered))
            refuse_altered(pair, key, pair.carried.at(rows.number(altered)).name);
        carried.emplace(std::move(key), row_values(rows, first, pair.carried.size()));
    }
    return carried;
}

/// Those of `keys` that are no row's own.
std::vector<KeyTuple> others(const std::vector<KeyTuple>& keys, const CarriedRows& carried)
{
    std::vector<KeyTuple> rest;
    for (const auto& key : keys) {
        if (carried.count(key) == 0)
            rest.push_back(key);
    }
    return rest;
}

/// Rows whose own key is none of `keys` get the one under which the server finds them.
void rename_rows(db::Session& downstream, const TablePair& pair, const std::vector<KeyTuple>& keys,
                 CarriedRows& carried)
{
    db::Result rows = downstream.query("tell like keys of " + pair.downstream.name,
                                       build_same_keys(pair.downstream, keys));
    while (rows.next()) {
        auto row = carried.extract(key_from(rows, pair.downstream, 1));
        if (row.empty())
            continue;
        row.key() = keys.at(rows.number(0));
        carried.insert(std::move(row));
    }
}

} // namespace

CarriedRows read_carried(db::Session& downstream, const TablePair& pair,
                         const std::vector<KeyTuple>& keys)
{
    CarriedRows all;
    if (pair.carried.empty())
        return all;
    in_key_chunks(keys, [&](const std::vector<KeyTuple>& chunk) {
        CarriedRows carried = read_chunk(downstream, pair, chunk);
        const auto rest = others(chunk, carried);
        if (carried.size() + rest.size() > chunk.size())
            rename_rows(downstream, pair, rest, carried);
        all.merge(carried);
    });
    return all;
}

} // namespace slicetool::sync
