#include "sync/keyless.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "base/units.hpp"
#include "sync/keyless_statements.hpp"
#include "sync/reads.hpp"
#include "sync/retry.hpp"
#include "sync/row_inserter.hpp"
#include "sync/undo_batch.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <unordered_map>

namespace slicetool::sync {

namespace {

/// Buckets are listed together until they hold this many rows: a few MiB of memory.
constexpr std::uint64_t k_rows_per_batch = 50'000;

/// Digests named in one statement; each such statement reads the whole table.
constexpr std::size_t k_digests_per_statement = 500;

/// More missing digests than this in one batch: its buckets are read whole rather than by digest.
constexpr std::size_t k_most_named_digests = 2 * k_digests_per_statement;

/// From here on the table is divided into many buckets, so that a changed row costs the listing of
/// a few hundred digests.
constexpr std::uint64_t k_rows_of_few_buckets = 65'536;

struct BucketPrint
{
    std::uint64_t rows = 0;
    std::string digest;
    bool complete = true; ///< false: GROUP_CONCAT may have cut the digests
};

/// By bucket number; buckets without rows are absent.
using BucketPrints = std::map<std::uint32_t, BucketPrint>;
using BucketList = std::vector<std::uint32_t>;

/// How many rows of each side have a digest.
struct RowCounts
{
    std::uint64_t upstream = 0;
    std::uint64_t downstream = 0;
};

/// By raw digest; digests with equal counts are absent.
using UnequalCounts = std::unordered_map<std::string, RowCounts>;

std::uint64_t rows_of(const BucketPrints& prints)
{
    std::uint64_t rows = 0;
    for (const auto& [bucket, print] : prints)
        rows += print.rows;
    return rows;
}

BucketPrints read_buckets(db::Session& session, const TableSide& side, Buckets buckets)
{
    const std::string label = "fingerprint the rows of " + side.name;
    const auto most =
        std::min(session.server().group_concat_max_len, session.server().max_allowed_packet);
    const std::size_t digest_bytes = hash::digest_bytes(side.encoding.digest());
    BucketPrints prints;
    db::Result result = session.query(label, build_buckets(side, buckets));
    while (result.next()) {
        BucketPrint print{result.number(1), result.text(2), true};
        print.complete = print.rows * digest_bytes < most && print.digest.size() == digest_bytes;
        if (!prints.emplace(static_cast<std::uint32_t>(result.number(0)), std::move(print)).second)
            throw session.error(label, "the server answered for one bucket twice");
    }
    return prints;
}

/// Buckets that differ, or cannot be compared by their digests.
BucketList unequal_buckets(const BucketPrints& up, const BucketPrints& down)
{
    BucketList unequal;
    const auto differs = [](const BucketPrint* a, const BucketPrint* b) {
        return a == nullptr || b == nullptr || !a->complete || !b->complete || a->rows != b->rows ||
               a->digest != b->digest;
    };
    const auto find = [](const BucketPrints& prints, std::uint32_t bucket) {
        const auto found = prints.find(bucket);
        return found == prints.end() ? nullptr : &found->second;
    };
    for (const auto& [bucket, print] : up) {
        if (differs(&print, find(down, bucket)))
            unequal.push_back(bucket);
    }
    for (const auto& [bucket, print] : down) {
        if (find(up, bucket) == nullptr)
            unequal.push_back(bucket);
    }
    std::sort(unequal.begin(), unequal.end());
    return unequal;
}

std::unordered_map<std::string, std::uint64_t>
read_digests(db::Session& session, const TableSide& side, Buckets buckets, const BucketList& wanted)
{
    const std::string label = "list the row digests of " + side.name;
    std::unordered_map<std::string, std::uint64_t> counts;
    db::Result result = session.query(label, build_bucket_digests(side, buckets, wanted));
    while (result.next())
        counts[result.text(0)] = result.number(1);
    return counts;
}

class KeylessRun
{
public:
    KeylessRun(const TablePair& pair, const ScanOptions& options, const Allowances& allowances,
               SessionPair& sessions, report::Reporter& reporter, const base::StopToken& stop)
        : m_pair(pair), m_options(options), m_allowances(allowances), m_sessions(sessions),
          m_reporter(reporter), m_stop(stop)
    {
    }

    ScanTotals run(std::uint64_t estimated_rows);

private:
    BucketPrints read(db::Session& session, const TableSide& side) const
    {
        return read_buckets(session, side, m_buckets);
    }
    std::vector<BucketList> batches_of(const BucketList& unequal, const BucketPrints& down) const;
    UnequalCounts compare(const BucketList& batch);
    void count(const BucketList& batch);
    void make_equal(const BucketList& unequal, const std::vector<BucketList>& batches);
    void delete_surplus(const UnequalCounts& counts);
    void delete_saved(const BucketList& batch, UndoBatch& undo);
    void copy_missing(const BucketList& batch, UnequalCounts counts, RowInserter& inserter);
    bool proven(const BucketPrints& now);
    void tell(report::Phase phase) const;

    const TablePair& m_pair;
    const ScanOptions& m_options;
    const Allowances& m_allowances;
    SessionPair& m_sessions;
    report::Reporter& m_reporter;
    const base::StopToken& m_stop;
    Buckets m_buckets = Buckets::few;
    BucketPrints m_upstream;
    ScanTotals m_totals;
};

void KeylessRun::tell(report::Phase phase) const
{
    m_reporter.table_progress(m_pair.upstream.name, {phase, m_totals.rows, m_totals.rows,
                                                     m_totals.missing + m_totals.extra,
                                                     m_totals.copied, m_totals.deleted});
}

/// Buckets of some ten thousand rows together.
std::vector<BucketList> KeylessRun::batches_of(const BucketList& unequal,
                                               const BucketPrints& down) const
{
    const auto rows = [](const BucketPrints& prints, std::uint32_t bucket) {
        const auto found = prints.find(bucket);
        return found == prints.end() ? 0 : found->second.rows;
    };
    std::vector<BucketList> batches;
    std::uint64_t filled = k_rows_per_batch;
    for (const std::uint32_t bucket : unequal) {
        if (filled >= k_rows_per_batch) {
            batches.emplace_back();
            filled = 0;
        }
        batches.back().push_back(bucket);
        filled += rows(m_upstream, bucket) + rows(down, bucket);
    }
    return batches;
}

UnequalCounts KeylessRun::compare(const BucketList& batch)
{
    m_stop.throw_if_stopped();
    const auto [up, down] = m_sessions.both(
        [&](db::Session& session) {
            return read_digests(session, m_pair.upstream, m_buckets, batch);
        },
        [&](db::Session& session) {
            return read_digests(session, m_pair.downstream, m_buckets, batch);
        });
    UnequalCounts unequal;
    for (const auto& [digest, rows] : up) {
        const auto found = down.find(digest);
        const std::uint64_t here = found == down.end() ? 0 : found->second;
        if (here != rows)
            unequal[digest] = {rows, here};
    }
    for (const auto& [digest, rows] : down) {
        if (up.count(digest) == 0)
            unequal[digest] = {0, rows};
    }
    return unequal;
}

/// What differs in a batch, for the totals and, if asked, the user.
void KeylessRun::count(const BucketList& batch)
{
    const auto list = [&](const std::string& digest, report::DifferenceKind kind,
                          std::uint64_t rows) {
        for (std::uint64_t at = 0; m_options.listing.keys && at < rows; ++at)
            m_reporter.difference(m_pair.upstream.name,
                                  {kind, {{"row digest", hash::to_hex(digest)}}, {}});
    };
    for (const auto& [digest, rows] : compare(batch)) {
        if (rows.upstream > rows.downstream) {
            m_totals.missing += rows.upstream - rows.downstream;
            list(digest, report::DifferenceKind::missing, rows.upstream - rows.downstream);
        } else {
            m_totals.extra += rows.downstream - rows.upstream;
            list(digest, report::DifferenceKind::extra, rows.downstream - rows.upstream);
        }
    }
}

void KeylessRun::delete_surplus(const UnequalCounts& counts)
{
    const std::string label = "delete rows of " + m_pair.downstream.name;
    const auto remove = [&](const std::vector<std::string>& digests, std::uint64_t rows) {
        if (rows == 0)
            return;
        const auto gone = m_sessions.downstream().execute(
            label, build_delete_digests(m_pair.downstream, digests, rows));
        m_totals.deleted += gone;
        m_sessions.moved(gone, 0);
    };
    std::vector<std::string> unknown; // upstream has none of them: many go in one statement
    std::uint64_t unknown_rows = 0;
    for (const auto& [digest, rows] : counts) {
        if (rows.downstream <= rows.upstream)
            continue;
        if (rows.upstream > 0) {
            remove({digest}, rows.downstream - rows.upstream);
            continue;
        }
        unknown.push_back(digest);
        unknown_rows += rows.downstream;
        if (unknown.size() == k_digests_per_statement) {
            remove(unknown, unknown_rows);
            unknown.clear();
            unknown_rows = 0;
        }
    }
    remove(unknown, unknown_rows);
}

void KeylessRun::delete_saved(const BucketList& batch, UndoBatch& undo)
{
    const UnequalCounts counts = compare(batch);
    std::vector<std::string> surplus;
    for (const auto& [digest, rows] : counts) {
        if (rows.downstream > rows.upstream)
            surplus.push_back(digest);
    }
    undo.begin_buckets(m_buckets, batch, surplus);
    delete_surplus(counts);
    undo.end_buckets();
}

void KeylessRun::copy_missing(const BucketList& batch, UnequalCounts counts, RowInserter& inserter)
{
    std::vector<std::string> wanted;
    for (const auto& [digest, rows] : counts) {
        if (rows.upstream > rows.downstream)
            wanted.push_back(digest);
    }
    const std::size_t columns = m_pair.upstream.encoding.columns().size();
    const auto copy = [&](const std::string& statement) {
        db::Result rows =
            m_sessions.upstream().query("read rows of " + m_pair.upstream.name, statement);
        while (rows.next()) {
            const RowValues values = row_values(rows, 0, columns);
            const auto found = counts.find(row_digest(m_pair.upstream.encoding, values));
            if (found == counts.end() || found->second.downstream >= found->second.upstream)
                continue;
            ++found->second.downstream;
            inserter.add(values, {});
            m_sessions.moved(1, value_bytes(values));
        }
        m_stop.throw_if_stopped();
    };
    if (wanted.size() > k_most_named_digests)
        return copy(build_rows_of_buckets(m_pair.upstream, m_buckets, batch));
    for (std::size_t from = 0; from < wanted.size(); from += k_digests_per_statement) {
        const auto to = std::min(wanted.size(), from + k_digests_per_statement);
        copy(build_rows_of_digests(m_pair.upstream,
                                   {wanted.begin() + static_cast<std::ptrdiff_t>(from),
                                    wanted.begin() + static_cast<std::ptrdiff_t>(to)}));
    }
}

/// Whether downstream's buckets, as the open transaction sees them, are upstream's.
bool KeylessRun::proven(const BucketPrints& now)
{
    const auto batches = batches_of(unequal_buckets(m_upstream, now), now);
    return std::all_of(batches.begin(), batches.end(),
                       [&](const BucketList& batch) { return compare(batch).empty(); });
}

void KeylessRun::make_equal(const BucketList& unequal, const std::vector<BucketList>& batches)
{
    if (unequal.empty())
        return;
    m_totals.copied = 0;
    m_totals.deleted = 0;
    m_sessions.rest();
    db::Transaction transaction(m_sessions.downstream());
    base::at(base::Stage::batch_begun);
    UndoBatch undo(m_pair, m_sessions.downstream());
    // Every delete comes before the first insert: a unique value may move from row to row.
    for (const auto& batch : batches) {
        tell(report::Phase::deleting);
        delete_saved(batch, undo);
    }
    base::at(base::Stage::batch_deleted);
    RowInserter inserter(m_pair, m_sessions.downstream());
    for (const auto& batch : batches) {
        tell(report::Phase::copying);
        undo.begin_buckets(m_buckets, batch, {});
        copy_missing(batch, compare(batch), inserter);
        m_totals.copied = inserter.finish();
        undo.end_buckets();
    }
    base::at(base::Stage::batch_inserted);
    tell(report::Phase::proving);
    if (!proven(read(m_sessions.downstream(), m_pair.downstream)))
        throw base::Error(fmt::format(
            "Table {}: its rows were copied, and still are not what upstream sent; all was rolled "
            "back. Does a trigger, or another program, change what is written there?{}",
            m_pair.downstream.name, mask_advice(m_pair.choices.masks)));
    base::at(base::Stage::batch_proven);
    undo.save();
    transaction.commit();
    base::at(base::Stage::batch_committed);
}

ScanTotals KeylessRun::run(std::uint64_t estimated_rows)
{
    tell(report::Phase::scanning);
    m_buckets = estimated_rows > k_rows_of_few_buckets ? Buckets::many : Buckets::few;
    auto [up, down] =
        m_sessions.both([&](db::Session& session) { return read(session, m_pair.upstream); },
                        [&](db::Session& session) { return read(session, m_pair.downstream); });
    m_upstream = std::move(up);
    m_totals.rows = rows_of(m_upstream);
    m_totals.downstream_rows = rows_of(down);
    const BucketList unequal = unequal_buckets(m_upstream, down);
    m_totals.ranges = std::max(m_upstream.size(), down.size());
    m_totals.zoomed_ranges = unequal.size();
    const auto batches = batches_of(unequal, down);
    tell(report::Phase::zooming);
    for (const auto& batch : batches)
        count(batch);
    if (m_options.mode == Mode::compare)
        return m_totals;
    refuse_empty_upstream(m_pair.upstream.name, m_totals.rows > 0, m_totals.downstream_rows > 0,
                          m_allowances);
    if (m_totals.extra > m_totals.missing)
        refuse_many_deletes(m_pair.downstream.name, m_options.delete_limit,
                            m_totals.extra - m_totals.missing, m_totals.downstream_rows);
    try {
        with_retries(m_sessions, m_stop, [&] { make_equal(unequal, batches); });
    } catch (const db::Error& failure) {
        if (!failure.duplicate_key())
            throw;
        throw base::Refusal(fmt::format(
            "Table {}: rows that upstream holds together collide in a unique key "
            "downstream ({}). Nothing was written. Make the unique keys alike, for "
            "example by pull_schema --alter.{}",
            m_pair.downstream.name, failure.server_message(), mask_advice(m_pair.choices.masks)));
    }
    return m_totals;
}

} // namespace

void refuse_large_keyless(const std::string& table, std::uint64_t estimated_rows)
{
    if (estimated_rows <= k_most_keyless_rows)
        return;
    throw base::Refusal(fmt::format(
        "Table {} has no key that identifies its rows on both sides, and about {} rows: beyond {} "
        "that is too slow to compare. Add a primary key on both sides, or leave the table out.",
        table, base::format_count(estimated_rows), base::format_count(k_most_keyless_rows)));
}

ScanTotals run_keyless(const TablePair& pair, std::uint64_t estimated_rows,
                       const ScanOptions& options, const Allowances& allowances,
                       SessionPair& sessions, report::Reporter& reporter,
                       const base::StopToken& stop)
{
    return KeylessRun(pair, options, allowances, sessions, reporter, stop).run(estimated_rows);
}

} // namespace slicetool::sync
