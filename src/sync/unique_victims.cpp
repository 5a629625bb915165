#include "sync/unique_victims.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/carried_rows.hpp"
#include "sync/reads.hpp"
#include "sync/row_inserter.hpp"
#include "sync/undo_batch.hpp"
#include "sync/unique_probe.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <set>

namespace slicetool::sync {

namespace {

constexpr std::size_t k_rows_per_lookup = 200;

/// What happens to one key downstream.
struct Fate
{
    std::optional<RowValues> upstream; ///< to be inserted; empty: the row is only deleted
    bool is_victim = false;            ///< outside the batch: to be proven by itself
    RowValues carried;
};

class VictimBatch
{
public:
    VictimBatch(const TablePair& pair, const std::vector<RangeDifference>& batch,
                SessionPair& sessions, const db::Error& duplicate)
        : m_pair(pair), m_batch(batch), m_sessions(sessions), m_duplicate(duplicate)
    {
    }

    Applied run(const base::StopToken& stop);

private:
    void read_batch();
    std::vector<RowValues> rows_with_keys(db::Session& session, const TableSide& side,
                                          const std::vector<KeyTuple>& keys);
    std::map<KeyTuple, RowValues> find_victims(const std::vector<RowValues>& rows);
    std::map<KeyTuple, RowValues> probe_victims();
    std::vector<RowValues> add_victims(const std::map<KeyTuple, RowValues>& victims);
    void add_all_victims(std::vector<RowValues> rows, const base::StopToken& stop);
    void read_carried();
    void write(UndoBatch& undo, Applied& applied);
    bool victims_proven();
    void refuse_lasting_trial() const;
    [[noreturn]] void refuse_stricter(const KeyTuple& key, const std::string& why) const;

    const TablePair& m_pair;
    const std::vector<RangeDifference>& m_batch;
    SessionPair& m_sessions;
    const db::Error& m_duplicate;
    std::map<KeyTuple, Fate> m_fates;
};

void VictimBatch::refuse_stricter(const KeyTuple& key, const std::string& why) const
{
    throw base::Refusal(fmt::format("Table {}: downstream has a stricter unique key than upstream: "
                                    "the row with {} {} (downstream says: {}). "
                                    "Nothing of this batch was written. Make the unique keys "
                                    "alike, for example by pull_schema --alter.{}",
                                    m_pair.downstream.name, describe(m_pair.downstream.key, key),
                                    why, m_duplicate.server_message(),
                                    mask_advice(m_pair.choices.masks)));
}

/// A trial writes, and takes back what it wrote.
void VictimBatch::refuse_lasting_trial() const
{
    if (m_pair.engine_without_rollback.empty())
        return;
    throw base::Refusal(fmt::format(
        "Table {}: other rows downstream hold unique values of rows to be copied (downstream says: "
        "{}). For the unique key {} that can only be tried, and the engine {} could not take the "
        "trial back. ALTER TABLE … ENGINE=InnoDB, and run it again.",
        m_pair.downstream.name, m_duplicate.server_message(), m_pair.probed_keys.front(),
        m_pair.engine_without_rollback));
}

std::vector<RowValues> VictimBatch::rows_with_keys(db::Session& session, const TableSide& side,
                                                   const std::vector<KeyTuple>& keys)
{
    std::vector<RowValues> rows;
    for (std::size_t from = 0; from < keys.size(); from += k_rows_per_lookup) {
        const std::vector<KeyTuple> chunk(
            keys.begin() + static_cast<std::ptrdiff_t>(from),
            keys.begin() +
                static_cast<std::ptrdiff_t>(std::min(keys.size(), from + k_rows_per_lookup)));
        db::Result result =
            session.query("read rows of " + side.name, build_rows_of_keys(side, chunk));
        while (result.next())
            rows.push_back(row_values(result, 0, side.encoding.columns().size()));
    }
    return rows;
}

void VictimBatch::read_batch()
{
    std::vector<KeyTuple> wanted;
    for (const auto& difference : m_batch) {
        for (const auto* keys : {&difference.changed, &difference.missing})
            wanted.insert(wanted.end(), keys->begin(), keys->end());
        for (const auto& key : difference.extra)
            m_fates[key];
        if (!difference.whole)
            continue;
        const auto here = read_keys(
            m_sessions.downstream(), m_pair.downstream, "list rows of " + m_pair.downstream.name,
            build_keys_of_range(m_pair.downstream, difference.range, std::nullopt));
        for (const auto& key : here)
            m_fates[key];
        const auto there = read_keys(
            m_sessions.upstream(), m_pair.upstream, "list rows of " + m_pair.upstream.name,
            build_keys_of_range(m_pair.upstream, difference.range, std::nullopt));
        wanted.insert(wanted.end(), there.begin(), there.end());
    }
    for (auto& row : rows_with_keys(m_sessions.upstream(), m_pair.upstream, wanted)) {
        const KeyTuple key = key_of(m_pair, row);
        m_fates[key].upstream = std::move(row);
    }
}

std::map<KeyTuple, RowValues> VictimBatch::find_victims(const std::vector<RowValues>& rows)
{
    std::map<KeyTuple, RowValues> victims;
    const std::size_t key_columns = m_pair.downstream.key.size();
    for (const auto& unique : m_pair.unique_keys) {
        for (std::size_t from = 0; from < rows.size(); from += k_rows_per_lookup) {
            const std::vector<RowValues> chunk(
                rows.begin() + static_cast<std::ptrdiff_t>(from),
                rows.begin() +
                    static_cast<std::ptrdiff_t>(std::min(rows.size(), from + k_rows_per_lookup)));
            const std::string statement = build_holders(m_pair.downstream, unique, chunk);
            if (statement.empty())
                continue;
            db::Result result = m_sessions.downstream().query(
                "look up unique values in " + m_pair.downstream.name, statement);
            while (result.next()) {
                RowValues row =
                    row_values(result, key_columns, m_pair.downstream.encoding.columns().size());
                KeyTuple key = key_of(m_pair, row);
                if (m_fates.find(key) == m_fates.end())
                    victims.emplace(std::move(key), std::move(row));
            }
        }
    }
    return victims;
}

/// Victims by the unique keys that find_victims() cannot look up.
std::map<KeyTuple, RowValues> VictimBatch::probe_victims()
{
    if (m_pair.probed_keys.empty())
        return {};
    refuse_lasting_trial();
    read_carried();
    std::vector<KeyTuple> gone;
    std::vector<ComingRow> coming;
    for (const auto& [key, fate] : m_fates) {
        gone.push_back(key);
        if (fate.upstream)
            coming.push_back({*fate.upstream, fate.carried});
    }
    const auto keys = probe_holders(m_pair, m_sessions.downstream(), gone, coming);
    std::map<KeyTuple, RowValues> victims;
    for (auto& row : rows_with_keys(m_sessions.downstream(), m_pair.downstream, keys)) {
        KeyTuple key = key_of(m_pair, row);
        if (m_fates.find(key) == m_fates.end())
            victims.emplace(std::move(key), std::move(row));
    }
    return victims;
}

/// Takes the victims into the batch; returns the upstream rows that came along.
std::vector<RowValues> VictimBatch::add_victims(const std::map<KeyTuple, RowValues>& victims)
{
    std::vector<KeyTuple> keys;
    for (const auto& [key, row] : victims)
        keys.push_back(key);
    std::vector<RowValues> added;
    for (auto& row : rows_with_keys(m_sessions.upstream(), m_pair.upstream, keys)) {
        const KeyTuple key = key_of(m_pair, row);
        const auto victim = victims.find(key);
        if (victim != victims.end() && row_digest(m_pair.upstream.encoding, row) ==
                                           row_digest(m_pair.downstream.encoding, victim->second))
            refuse_stricter(key, "is equal on both sides and holds a unique value that another "
                                 "upstream row has too");
        m_fates[key] = Fate{row, true, {}};
        added.push_back(std::move(row));
    }
    for (const auto& key : keys) {
        if (m_fates.find(key) != m_fates.end())
            continue;
        if (m_pair.choices.keep_outside)
            refuse_stricter(
                key,
                "lies outside the rows to copy (where, or the query of a keys step) and holds a "
                "unique value of one of them");
        m_fates[key] = Fate{std::nullopt, true, {}};
    }
    return added;
}

/// The positions of all ranges of a batch.
std::vector<std::size_t> all_of(const std::vector<RangeDifference>& batch)
{
    std::vector<std::size_t> positions(batch.size());
    std::iota(positions.begin(), positions.end(), 0);
    return positions;
}

void VictimBatch::read_carried()
{
    std::vector<KeyTuple> keys;
    for (const auto& [key, fate] : m_fates) {
        if (fate.upstream)
            keys.push_back(key);
    }
    for (const auto& [key, values] : sync::read_carried(m_sessions.downstream(), m_pair, keys)) {
        if (const auto fate = m_fates.find(key); fate != m_fates.end())
            fate->second.carried = values;
    }
}

void VictimBatch::write(UndoBatch& undo, Applied& applied)
{
    std::vector<KeyTuple> keys;
    for (const auto& [key, fate] : m_fates)
        keys.push_back(key);
    std::uint64_t gone = 0;
    for (std::size_t from = 0; from < keys.size(); from += k_rows_per_lookup) {
        const std::vector<KeyTuple> chunk(
            keys.begin() + static_cast<std::ptrdiff_t>(from),
            keys.begin() +
                static_cast<std::ptrdiff_t>(std::min(keys.size(), from + k_rows_per_lookup)));
        undo.delete_keys(chunk);
    }
    base::at(base::Stage::victims_deleted);
    RowInserter inserter(m_pair, m_sessions.downstream());
    for (const auto& [key, fate] : m_fates) {
        if (fate.upstream)
            inserter.add(*fate.upstream, fate.carried);
        else
            ++gone;
    }
    try {
        applied.copied = inserter.finish();
    } catch (const db::Error& failure) {
        if (!failure.duplicate_key())
            throw;
        throw base::Refusal(fmt::format(
            "Table {}: rows that upstream holds together collide in a unique key downstream ({}). "
            "Nothing of this "
            "batch was written. Make the unique keys alike, for example by pull_schema --alter.{}",
            m_pair.downstream.name, failure.server_message(), mask_advice(m_pair.choices.masks)));
    }
    applied.deleted = gone;
    undo.wrote_keys(keys);
    base::at(base::Stage::victims_inserted);
}

bool VictimBatch::victims_proven()
{
    std::vector<KeyTuple> victims;
    for (const auto& [key, fate] : m_fates) {
        if (fate.is_victim)
            victims.push_back(key);
    }
    std::size_t expected = 0;
    for (const auto& key : victims)
        expected += m_fates[key].upstream ? 1 : 0;
    const auto rows = rows_with_keys(m_sessions.downstream(), m_pair.downstream, victims);
    return rows.size() == expected &&
           std::all_of(rows.begin(), rows.end(), [&](const RowValues& row) {
               const auto& upstream = m_fates[key_of(m_pair, row)].upstream;
               return upstream && row_digest(m_pair.upstream.encoding, *upstream) ==
                                      row_digest(m_pair.downstream.encoding, row);
           });
}

/// The victims of `rows`, the victims of those that come along with them, and so on.
void VictimBatch::add_all_victims(std::vector<RowValues> rows, const base::StopToken& stop)
{
    while (!rows.empty()) {
        stop.throw_if_stopped();
        rows = add_victims(find_victims(rows));
    }
}

Applied VictimBatch::run(const base::StopToken& stop)
{
    read_batch();
    std::vector<RowValues> rows;
    for (const auto& [key, fate] : m_fates) {
        if (fate.upstream)
            rows.push_back(*fate.upstream);
    }
    add_all_victims(std::move(rows), stop);
    for (auto victims = probe_victims(); !victims.empty(); victims = probe_victims())
        add_all_victims(add_victims(victims), stop);
    base::at(base::Stage::victims_found);
    Applied applied;
    db::Transaction transaction(m_sessions.downstream());
    UndoBatch undo(m_pair, m_sessions.downstream());
    read_carried();
    write(undo, applied);
    const auto unequal = unequal_ranges(m_pair, m_batch, m_sessions);
    if (!unequal.empty())
        return give_back(m_pair, m_batch, unequal, m_sessions);
    if (!victims_proven())
        return give_back(m_pair, m_batch, all_of(m_batch), m_sessions);
    base::at(base::Stage::victims_proven);
    undo.save();
    transaction.commit();
    base::at(base::Stage::victims_committed);
    return applied;
}

} // namespace

Applied apply_with_victims(const TablePair& pair, const std::vector<RangeDifference>& batch,
                           SessionPair& sessions, const base::StopToken& stop,
                           const db::Error& duplicate)
{
    return VictimBatch(pair, batch, sessions, duplicate).run(stop);
}

} // namespace slicetool::sync
