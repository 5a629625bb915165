#include "sync/apply.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/difference_listing.hpp"
#include "sync/key_chunks.hpp"
#include "sync/local_copy.hpp"
#include "sync/reads.hpp"
#include "sync/retry.hpp"
#include "sync/row_inserter.hpp"
#include "sync/unique_checks.hpp"
#include "sync/unique_victims.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

/// Rows that go in one transaction when a range that upstream lacks is emptied.
constexpr std::uint64_t k_deletes_per_transaction = 5000;

/// Of a larger range that was empty downstream the undo file has one fingerprint rather than one
/// for each row.
constexpr std::uint64_t k_rows_saved_singly = 1000;

/// A range that cannot be proven after that many copies is a failure.
constexpr unsigned k_copy_attempts = 3;

void append(std::vector<KeyTuple>& all, const std::vector<KeyTuple>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

bool same_leaf(std::vector<LeafRow> a, std::vector<LeafRow> b)
{
    const auto order = [](const LeafRow& x, const LeafRow& y) { return x.key < y.key; };
    std::sort(a.begin(), a.end(), order);
    std::sort(b.begin(), b.end(), order);
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.key == y.key && x.digest == y.digest;
    });
}

bool only_deletes_a_range(const RangeDifference& difference)
{
    return difference.whole && difference.upstream.complete && difference.upstream.rows == 0;
}

/// A sentence, or nothing when there is none by now.
std::string first_difference(const TablePair& pair, const RangeDifference& difference,
                             SessionPair& sessions)
{
    const std::string row = describe_first_difference(pair, difference, sessions);
    return row.empty() ? "" : fmt::format("The first such row is {}. ", row);
}

/// "the range id from 1 to 100", or "some of the rows id=1 … id=7".
std::string describe(const TablePair& pair, const RangeDifference& difference)
{
    if (!difference.by_key)
        return "the range " + describe(pair.downstream.key, difference.range);
    const auto keys = difference.keys();
    return fmt::format("a batch of {} rows from {} on", keys.size(),
                       keys.empty() ? "" : describe(pair.downstream.key, keys.front()));
}

/// Keys of rows that are inserted where downstream may have a row, or one that its server takes for
/// the same.
std::vector<KeyTuple> rewritten_keys(const std::vector<RangeDifference>& batch)
{
    std::vector<KeyTuple> keys;
    for (const auto& difference : batch) {
        append(keys, difference.changed);
        append(keys, difference.missing);
    }
    return keys;
}

/// Whether downstream has exactly upstream's rows of the keys that are listed.
bool are_there(const TablePair& pair, const RangeDifference& difference, db::Session& downstream)
{
    return read_digests_of_keys(downstream, pair.downstream, difference.keys()) ==
           *difference.by_key;
}

/// Positions of ranges of a batch that fingerprints do not prove equal.
std::vector<std::size_t> doubtful_ranges(const TablePair& pair,
                                         const std::vector<RangeDifference>& batch,
                                         db::Session& downstream)
{
    std::vector<std::size_t> positions;
    std::vector<Range> ranges;
    for (std::size_t at = 0; at < batch.size(); ++at) {
        if (batch[at].by_key)
            continue;
        positions.push_back(at);
        ranges.push_back(batch[at].range);
    }
    const auto now = read_fingerprints(downstream, pair.downstream, ranges);
    std::vector<std::size_t> doubtful;
    for (std::size_t at = 0; at < ranges.size(); ++at) {
        if (!hash::proves_equal(batch[positions[at]].upstream, now[at]))
            doubtful.push_back(positions[at]);
    }
    return doubtful;
}

} // namespace

std::vector<std::size_t> unequal_ranges(const TablePair& pair,
                                        const std::vector<RangeDifference>& batch,
                                        SessionPair& sessions)
{
    std::vector<std::size_t> unequal;
    for (std::size_t at = 0; at < batch.size(); ++at) {
        if (batch[at].by_key && !are_there(pair, batch[at], sessions.downstream()))
            unequal.push_back(at);
    }
    const auto doubtful = doubtful_ranges(pair, batch, sessions.downstream());
    if (doubtful.empty())
        return unequal;
    std::vector<Range> ranges;
    for (const std::size_t at : doubtful)
        ranges.push_back(batch[at].range);
    const auto [up, down] = sessions.both(
        [&](db::Session& session) { return read_leaves(session, pair.upstream, ranges); },
        [&](db::Session& session) { return read_leaves(session, pair.downstream, ranges); });
    for (std::size_t at = 0; at < doubtful.size(); ++at) {
        if (!same_leaf(up[at], down[at]))
            unequal.push_back(doubtful[at]);
    }
    std::sort(unequal.begin(), unequal.end());
    return unequal;
}

Applied give_back(const TablePair& pair, const std::vector<RangeDifference>& batch,
                  const std::vector<std::size_t>& unequal, SessionPair& sessions)
{
    Applied nothing;
    nothing.undone = batch;
    for (auto at = unequal.rbegin(); at != unequal.rend(); ++at) {
        const auto place = nothing.undone.begin() + static_cast<std::ptrdiff_t>(*at);
        if (place->attempts + 1 >= k_copy_attempts)
            throw base::Error(fmt::format(
                "Table {}: {} was copied {} times, and still is not what upstream sent; it was "
                "rolled back. {}Does a trigger, or another program, change what is written "
                "there?{}",
                pair.downstream.name, describe(pair, *place), k_copy_attempts,
                first_difference(pair, *place, sessions), mask_advice(pair.choices.masks)));
        nothing.unproven.push_back(std::move(*place));
        nothing.undone.erase(place);
    }
    return nothing;
}

Applier::Applier(const TablePair& pair, const base::StopToken& stop, CopyWay way)
    : m_pair(pair), m_stop(stop), m_way(way)
{
}

Applied Applier::apply(const std::vector<RangeDifference>& batch, SessionPair& sessions,
                       Collisions collisions)
{
    std::optional<db::Error> duplicate;
    Applied applied;
    with_retries(sessions, m_stop, [&] {
        if (!duplicate) {
            try {
                applied = write(batch, sessions);
                return;
            } catch (const db::Error& failure) {
                if (!failure.duplicate_key())
                    throw;
                duplicate = failure;
            }
        }
        applied = {};
        if (collisions == Collisions::leave)
            applied.collided = true;
        else
            applied = apply_with_victims(m_pair, batch, sessions, m_stop, *duplicate);
    });
    return applied;
}

Applied Applier::write(const std::vector<RangeDifference>& batch, SessionPair& sessions)
{
    if (batch.size() == 1 && only_deletes_a_range(batch[0]))
        return delete_range(batch[0], sessions);
    try {
        return attempt(batch, sessions);
    } catch (const db::Error& failure) {
        if (m_way != CopyWay::local || failure.duplicate_key() || failure.retryable())
            throw;
        spdlog::info("{} The rows will travel through the client.", failure.what());
    }
    m_way = CopyWay::client;
    Applied applied = attempt(batch, sessions);
    applied.local_refused = true;
    return applied;
}

Applied Applier::attempt(const std::vector<RangeDifference>& batch, SessionPair& sessions)
{
    m_stop.throw_if_stopped();
    Applied applied;
    begin_local(batch, sessions.downstream());
    db::Transaction transaction(sessions.downstream());
    base::at(base::Stage::batch_begun);
    UndoBatch undo(m_pair, sessions.downstream());
    const CarriedRows carried = read_carried(sessions.downstream(), m_pair, rewritten_keys(batch));
    delete_rows(batch, undo, applied);
    base::at(base::Stage::batch_deleted);
    applied.copied = copy_locally(batch, sessions);
    applied.copied += copy_rows(batch, carried, sessions);
    base::at(base::Stage::batch_inserted);
    const auto unequal = unequal_ranges(m_pair, batch, sessions);
    if (!unequal.empty())
        return give_back(m_pair, batch, unequal, sessions); // the destructor rolls back
    base::at(base::Stage::batch_proven);
    tell_written(batch, undo);
    undo.save();
    transaction.commit();
    base::at(base::Stage::batch_committed);
    sessions.moved(applied.deleted, 0); // what was copied is counted on its way
    return applied;
}

bool Applier::is_local(const RangeDifference& difference) const
{
    return m_way == CopyWay::local && difference.attempts == 0;
}

/// READ COMMITTED, for one transaction: INSERT … SELECT then reads upstream's rows without locks.
void Applier::begin_local(const std::vector<RangeDifference>& batch, db::Session& downstream) const
{
    if (m_pair.local.locks_upstream ||
        std::none_of(batch.begin(), batch.end(), [&](const auto& d) { return is_local(d); }))
        return;
    downstream.execute("read without locks", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
}

/// The server copies the rows of all ranges that did not come back from an earlier attempt.
std::uint64_t Applier::copy_locally(const std::vector<RangeDifference>& batch,
                                    SessionPair& sessions)
{
    std::vector<Range> whole;
    std::vector<KeyTuple> keys;
    for (const auto& difference : batch) {
        if (!is_local(difference))
            continue;
        if (difference.whole && difference.upstream.rows > 0)
            whole.push_back(difference.range);
        append(keys, difference.changed);
        append(keys, difference.missing);
    }
    std::uint64_t copied = 0;
    const auto copy = [&](const std::string& statement) {
        m_stop.throw_if_stopped();
        const auto rows =
            sessions.downstream().execute("copy rows into " + m_pair.downstream.name, statement);
        sessions.moved(rows, 0);
        copied += rows;
    };
    if (!whole.empty()) {
        const UniqueChecksOff unchecked(m_pair, sessions);
        for (const auto& range : joined_ranges(whole))
            copy(build_local_copy(m_pair, range));
    }
    in_key_chunks(keys, [&](const auto& chunk) { copy(build_local_copy(m_pair, chunk)); });
    return copied;
}

Applied Applier::delete_range(const RangeDifference& difference, SessionPair& sessions)
{
    Applied applied;
    for (;;) {
        m_stop.throw_if_stopped();
        db::Transaction transaction(sessions.downstream());
        UndoBatch undo(m_pair, sessions.downstream());
        const auto gone = undo.delete_range(difference.range, k_deletes_per_transaction);
        undo.save();
        transaction.commit();
        applied.deleted += gone;
        base::at(base::Stage::portion_deleted);
        sessions.moved(gone, 0);
        if (gone < k_deletes_per_transaction)
            break;
    }
    if (!unequal_ranges(m_pair, {difference}, sessions).empty())
        applied.unproven = give_back(m_pair, {difference}, {0}, sessions).unproven;
    return applied;
}

void Applier::delete_rows(const std::vector<RangeDifference>& batch, UndoBatch& undo,
                          Applied& applied)
{
    std::vector<KeyTuple> keys;
    for (const auto& difference : batch) {
        if (difference.whole) {
            if (difference.downstream_rows > 0)
                undo.delete_range(difference.range, std::nullopt);
        } else {
            append(keys, difference.changed);
            append(keys, difference.extra);
            // A row outside the kept part may stand where an upstream row belongs.
            if (m_pair.choices.keep_outside)
                append(keys, difference.missing);
        }
        applied.deleted += difference.extra_rows();
    }
    in_key_chunks(keys, [&](const std::vector<KeyTuple>& chunk) { undo.delete_keys(chunk); });
}

void Applier::tell_written(const std::vector<RangeDifference>& batch, UndoBatch& undo)
{
    std::vector<KeyTuple> keys;
    for (const auto& difference : batch) {
        if (difference.whole && difference.downstream_rows == 0 &&
            difference.upstream.rows > k_rows_saved_singly)
            undo.filled({difference});
        else if (difference.whole && difference.upstream.rows > 0)
            undo.wrote_range(difference.range);
        append(keys, difference.changed);
        append(keys, difference.missing);
    }
    undo.wrote_keys(keys);
}

std::uint64_t Applier::copy_rows(const std::vector<RangeDifference>& batch,
                                 const CarriedRows& carried, SessionPair& sessions)
{
    RowInserter inserter(m_pair, sessions.downstream());
    const std::size_t columns = m_pair.upstream.encoding.columns().size();
    const auto copy = [&](const std::string& statement) {
        db::Result rows =
            sessions.upstream().query("read rows of " + m_pair.upstream.name, statement);
        std::uint64_t count = 0;
        std::uint64_t bytes = 0;
        while (rows.next()) {
            const RowValues values = row_values(rows, 0, columns);
            ++count;
            bytes += value_bytes(values);
            const auto kept =
                carried.empty() ? carried.end() : carried.find(key_of(m_pair, values));
            inserter.add(values, kept == carried.end() ? RowValues{} : kept->second);
        }
        m_stop.throw_if_stopped();
        sessions.moved(count, bytes);
    };
    std::vector<KeyTuple> keys;
    for (const auto& difference : batch) {
        if (is_local(difference))
            continue;
        if (difference.whole && difference.upstream.rows > 0)
            copy(build_rows_of_range(m_pair.upstream, difference.range));
        append(keys, difference.changed);
        append(keys, difference.missing);
    }
    in_key_chunks(keys,
                  [&](const auto& chunk) { copy(build_rows_of_keys(m_pair.upstream, chunk)); });
    return inserter.finish();
}

} // namespace slicetool::sync
