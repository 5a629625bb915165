#include "sync/apply.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/difference_listing.hpp"
#include "sync/reads.hpp"
#include "sync/retry.hpp"
#include "sync/row_inserter.hpp"
#include "sync/unique_victims.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace slicetool::sync {

namespace {

/// Keys named in one statement: enough to make a round trip worth while, few enough for a quick
/// plan.
constexpr std::size_t k_keys_per_statement = 500;

/// Rows that go in one transaction when a range that upstream lacks is emptied.
constexpr std::uint64_t k_deletes_per_transaction = 5000;

/// A range that cannot be proven after that many copies is a failure.
constexpr unsigned k_copy_attempts = 3;

template<class Use>
void in_chunks(const std::vector<KeyTuple>& keys, Use use)
{
    for (std::size_t from = 0; from < keys.size(); from += k_keys_per_statement) {
        const auto to = std::min(keys.size(), from + k_keys_per_statement);
        use(std::vector<KeyTuple>(keys.begin() + static_cast<std::ptrdiff_t>(from),
                                  keys.begin() + static_cast<std::ptrdiff_t>(to)));
    }
}

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

/// A sentence, or nothing when the range itself is equal by now.
std::string first_difference(const TablePair& pair, const Range& range, SessionPair& sessions)
{
    const std::string row = describe_first_difference(pair, range, sessions);
    return row.empty() ? "" : fmt::format("The first such row is {}. ", row);
}

} // namespace

std::vector<std::size_t> unequal_ranges(const TablePair& pair,
                                        const std::vector<RangeDifference>& batch,
                                        SessionPair& sessions)
{
    std::vector<Range> ranges;
    for (const auto& difference : batch)
        ranges.push_back(difference.range);
    const auto now = read_fingerprints(sessions.downstream(), pair.downstream, ranges);
    std::vector<std::size_t> doubtful;
    std::vector<Range> doubtful_ranges;
    for (std::size_t at = 0; at < batch.size(); ++at) {
        if (hash::proves_equal(batch[at].upstream, now[at]))
            continue;
        doubtful.push_back(at);
        doubtful_ranges.push_back(ranges[at]);
    }
    if (doubtful.empty())
        return doubtful;
    const auto [up, down] = sessions.both(
        [&](db::Session& session) { return read_leaves(session, pair.upstream, doubtful_ranges); },
        [&](db::Session& session) {
            return read_leaves(session, pair.downstream, doubtful_ranges);
        });
    std::vector<std::size_t> unequal;
    for (std::size_t at = 0; at < doubtful.size(); ++at) {
        if (!same_leaf(up[at], down[at]))
            unequal.push_back(doubtful[at]);
    }
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
                "Table {}: the range {} was copied {} times, and still is not what upstream sent; "
                "it was rolled back. {}Does a trigger, or another program, change what is written "
                "there?",
                pair.downstream.name, describe(pair.downstream.key, place->range), k_copy_attempts,
                first_difference(pair, place->range, sessions)));
        nothing.unproven.push_back(std::move(*place));
        nothing.undone.erase(place);
    }
    return nothing;
}

Applier::Applier(const TablePair& pair, const base::StopToken& stop) : m_pair(pair), m_stop(stop) {}

Applied Applier::apply(const std::vector<RangeDifference>& batch, SessionPair& sessions,
                       Collisions collisions)
{
    std::optional<db::Error> duplicate;
    Applied applied;
    with_retries(sessions, m_stop, [&] {
        if (!duplicate) {
            try {
                applied = batch.size() == 1 && only_deletes_a_range(batch[0])
                              ? delete_range(batch[0], sessions)
                              : attempt(batch, sessions);
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

Applied Applier::attempt(const std::vector<RangeDifference>& batch, SessionPair& sessions)
{
    m_stop.throw_if_stopped();
    Applied applied;
    db::Transaction transaction(sessions.downstream());
    base::at(base::Stage::batch_begun);
    const CarriedRows carried = read_carried(batch, sessions.downstream());
    delete_rows(batch, sessions.downstream(), applied);
    base::at(base::Stage::batch_deleted);
    applied.copied = copy_rows(batch, carried, sessions);
    base::at(base::Stage::batch_inserted);
    const auto unequal = unequal_ranges(m_pair, batch, sessions);
    if (!unequal.empty())
        return give_back(m_pair, batch, unequal, sessions); // the destructor rolls back
    base::at(base::Stage::batch_proven);
    transaction.commit();
    base::at(base::Stage::batch_committed);
    return applied;
}

Applied Applier::delete_range(const RangeDifference& difference, SessionPair& sessions)
{
    Applied applied;
    const std::string statement =
        build_delete_range(m_pair.downstream, difference.range, k_deletes_per_transaction);
    for (;;) {
        m_stop.throw_if_stopped();
        const auto gone =
            sessions.downstream().execute("delete rows of " + m_pair.downstream.name, statement);
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

void Applier::delete_rows(const std::vector<RangeDifference>& batch, db::Session& downstream,
                          Applied& applied)
{
    std::vector<KeyTuple> keys;
    for (const auto& difference : batch) {
        if (difference.whole) {
            if (difference.downstream_rows > 0)
                downstream.execute("delete rows of " + m_pair.downstream.name,
                                   build_delete_range(m_pair.downstream, difference.range,
                                                      std::numeric_limits<std::int64_t>::max()));
        } else {
            append(keys, difference.changed);
            append(keys, difference.extra);
            // A row outside the kept part may stand where an upstream row belongs.
            if (m_pair.choices.keep_outside)
                append(keys, difference.missing);
        }
        applied.deleted += difference.extra_rows();
    }
    in_chunks(keys, [&](const std::vector<KeyTuple>& chunk) {
        downstream.execute("delete rows of " + m_pair.downstream.name,
                           build_delete_keys(m_pair.downstream, chunk));
    });
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
        if (difference.whole && difference.upstream.rows > 0)
            copy(build_rows_of_range(m_pair.upstream, difference.range));
        append(keys, difference.changed);
        append(keys, difference.missing);
    }
    in_chunks(keys, [&](const auto& chunk) { copy(build_rows_of_keys(m_pair.upstream, chunk)); });
    return inserter.finish();
}

Applier::CarriedRows Applier::read_carried(const std::vector<RangeDifference>& batch,
                                           db::Session& downstream) const
{
    CarriedRows carried;
    if (m_pair.carried.empty())
        return carried;
    std::vector<KeyTuple> keys;
    for (const auto& difference : batch)
        append(keys, difference.changed);
    in_chunks(keys, [&](const auto& chunk) {
        db::Result rows = downstream.query("read the kept columns of " + m_pair.downstream.name,
                                           build_carried(m_pair.downstream, m_pair.carried, chunk));
        while (rows.next()) {
            const std::size_t key_columns = m_pair.downstream.key.size();
            carried[key_from(rows, m_pair.downstream)] =
                row_values(rows, key_columns, m_pair.carried.size());
        }
    });
    return carried;
}

} // namespace slicetool::sync
