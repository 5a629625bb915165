#include "sync/undo_batch.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/reads.hpp"
#include "sync/stored_side.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace slicetool::sync {

namespace {

/// Keys and digests named in one statement.
constexpr std::size_t k_names_per_statement = 500;

bool same_encoding(const hash::RowEncoding& a, const hash::RowEncoding& b)
{
    return std::equal(
        a.columns().begin(), a.columns().end(), b.columns().begin(), b.columns().end(),
        [](const auto& x, const auto& y) { return x.name == y.name && x.form == y.form; });
}

std::vector<std::string> names_of(const std::vector<KeyColumn>& key)
{
    std::vector<std::string> names;
    for (const auto& column : key)
        names.push_back(column.name);
    return names;
}

std::optional<undo::Bound> saved(const std::optional<Bound>& bound)
{
    if (!bound)
        return std::nullopt;
    return undo::Bound{bound->key, bound->after};
}

template<class Item, class Use>
void in_chunks(const std::vector<Item>& items, Use use)
{
    for (std::size_t from = 0; from < items.size(); from += k_names_per_statement) {
        const auto to = std::min(items.size(), from + k_names_per_statement);
        use(std::vector<Item>(items.begin() + static_cast<std::ptrdiff_t>(from),
                              items.begin() + static_cast<std::ptrdiff_t>(to)));
    }
}

} // namespace

TableUndo::TableUndo(undo::Writer& writer, const sql::Table& downstream, const TablePair& pair,
                     std::uint64_t group_concat_bytes)
    : m_writer(writer), m_description{downstream.name, stored_columns(downstream),
                                      names_of(pair.downstream.key)},
      m_stored(stored_side(downstream, m_description.key, pair.downstream.encoding.digest(),
                           group_concat_bytes)),
      m_in_scope(m_stored),
      m_same_fingerprints(pair.downstream.where.empty() &&
                          same_encoding(m_stored.encoding, pair.downstream.encoding)),
      m_engine(downstream.is_transactional() ? "" : downstream.engine)
{
    m_in_scope.where = pair.downstream.where;
}

/// A table that does not change is not in the file.
std::uint64_t TableUndo::number()
{
    const std::scoped_lock lock(m_mutex);
    if (!m_number)
        m_number = m_writer.add_table(m_description);
    return *m_number;
}

void attach_undo(TablePair& pair, undo::Writer* writer, const sql::Table& downstream,
                 std::uint64_t group_concat_bytes)
{
    pair.undo = writer == nullptr
                    ? nullptr
                    : std::make_shared<TableUndo>(*writer, downstream, pair, group_concat_bytes);
}

UndoBatch::UndoBatch(const TablePair& pair, db::Session& downstream)
    : m_pair(pair), m_downstream(downstream), m_table(pair.undo.get())
{
}

/// A batch that changes nothing is not in the file.
undo::BatchWriter& UndoBatch::batch()
{
    if (!m_batch)
        m_batch.emplace(m_table->m_writer, m_table->number());
    return *m_batch;
}

std::string UndoBatch::label(const char* what) const
{
    return fmt::format("{} rows of {}", what, m_pair.downstream.name);
}

/// What the server cut, or what is not understood here, would be no pre-image: so each is proven.
void UndoBatch::save_row(const db::Result& row)
{
    const auto& encoding = m_table->m_stored.encoding;
    const RowValues values = row_values(row, 1, encoding.columns().size());
    if (row.get(0) != row_digest(encoding, values))
        throw base::Error(fmt::format(
            "Table {}: a row of downstream that is to be changed could not be read as it is stored "
            "there, so it cannot be saved for an undo; nothing of this batch was written. Is it "
            "longer than downstream's max_allowed_packet? --no-undo goes on without saving.",
            m_pair.downstream.name));
    batch().add(values);
}

std::uint64_t UndoBatch::save_rows(const std::string& statement)
{
    std::uint64_t rows = 0;
    db::Result result = m_downstream.query(label("save"), statement);
    for (; result.next(); ++rows)
        save_row(result);
    return rows;
}

void UndoBatch::expect_deleted(std::uint64_t saved, std::uint64_t deleted) const
{
    if (saved == deleted)
        return;
    throw db::Error(fmt::format("{}: {} rows of {} were saved, and {} were to be deleted: another "
                                "program writes there.",
                                m_downstream.endpoint().describe(), saved, m_pair.downstream.name,
                                deleted),
                    m_downstream.endpoint().describe(), db::k_record_changed, "HY000",
                    "rows were changed meanwhile");
}

/// What an engine without transactions deletes is gone at once.
void UndoBatch::before_delete()
{
    if (m_table == nullptr || m_table->m_engine.empty() || !m_batch)
        return;
    m_batch->finish();
    m_batch.reset();
}

std::uint64_t UndoBatch::delete_keys(const std::vector<KeyTuple>& keys)
{
    if (keys.empty())
        return 0;
    std::optional<std::uint64_t> saved;
    if (m_table != nullptr)
        saved = save_rows(build_saved_rows_of_keys(m_table->m_stored, keys));
    before_delete();
    const std::uint64_t deleted =
        m_downstream.execute(label("delete"), build_delete_keys(m_pair.downstream, keys));
    expect_deleted(saved.value_or(deleted), deleted);
    return deleted;
}

std::uint64_t UndoBatch::delete_range(const Range& range, std::optional<std::uint64_t> limit)
{
    if (m_table != nullptr) {
        limit = save_rows(build_saved_rows_of_range(m_table->m_in_scope, range, limit));
        if (*limit == 0)
            return 0;
    }
    before_delete();
    const std::uint64_t deleted = m_downstream.execute(
        label("delete"),
        build_delete_range(m_pair.downstream, range,
                           limit.value_or(std::numeric_limits<std::int64_t>::max())));
    expect_deleted(m_table != nullptr ? *limit : deleted, deleted);
    return deleted;
}

std::uint64_t UndoBatch::delete_all(std::optional<std::uint64_t> limit)
{
    if (!m_pair.keyless)
        return delete_range({}, limit);
    if (m_table != nullptr) {
        refuse_keyless_engine();
        save_rows(build_saved_rows(m_pair.downstream, m_table->m_stored.encoding));
        m_wanted.clear();
        begin_counting();
    }
    return m_downstream.execute(label("delete"), build_delete_all(m_pair.downstream));
}

void UndoBatch::wrote_all()
{
    if (!m_pair.keyless)
        wrote_range({});
}

void UndoBatch::wrote_keys(const std::vector<KeyTuple>& keys)
{
    if (m_table == nullptr)
        return;
    in_chunks(keys, [&](const std::vector<KeyTuple>& chunk) {
        db::Result rows =
            m_downstream.query(label("digest"), build_digests_of_keys(m_table->m_stored, chunk));
        while (rows.next())
            batch().add(undo::After{key_from(rows, m_table->m_stored, 1), rows.text(0)});
    });
}

void UndoBatch::wrote_range(const Range& range)
{
    if (m_table == nullptr)
        return;
    db::Result rows =
        m_downstream.query(label("digest"), build_leaves(m_table->m_in_scope, {range}));
    while (rows.next())
        batch().add(undo::After{key_from(rows, m_table->m_in_scope, 2), rows.text(1)});
}

void UndoBatch::filled(const std::vector<RangeDifference>& pieces)
{
    if (m_table == nullptr)
        return;
    std::vector<Range> ranges;
    for (const auto& piece : pieces)
        ranges.push_back(piece.range);
    add_pieces(pieces, read_fingerprints(m_downstream, m_table->m_stored, ranges));
}

void UndoBatch::filled_alike(const std::vector<RangeDifference>& pieces)
{
    if (m_table == nullptr)
        return;
    if (!m_table->m_same_fingerprints)
        return filled(pieces);
    std::vector<hash::Fingerprint> fingerprints;
    for (const auto& piece : pieces)
        fingerprints.push_back(piece.upstream);
    add_pieces(pieces, fingerprints);
}

/// A range with more rows than were inserted holds others, too: undo must not empty it.
void UndoBatch::add_pieces(const std::vector<RangeDifference>& pieces,
                           const std::vector<hash::Fingerprint>& stored)
{
    for (std::size_t at = 0; at < pieces.size(); ++at) {
        const Range& range = pieces[at].range;
        if (stored[at].complete && stored[at].rows == pieces[at].upstream.rows)
            batch().add(undo::Piece{saved(range.lower), saved(range.upper), stored[at].rows,
                                    stored[at].digest});
        else
            wrote_range(range);
    }
}

/// How many rows of a kind there are is known, and saved, only once they were changed.
void UndoBatch::refuse_keyless_engine() const
{
    if (m_table->m_engine.empty())
        return;
    throw base::Refusal(fmt::format(
        "Table {} has no key, and the engine {}, which cannot roll back: what is changed there "
        "cannot be saved for an undo beforehand. Nothing of it was written. Give it a key or the "
        "engine InnoDB, or say --no-undo.",
        m_pair.downstream.name, m_table->m_engine));
}

UndoBatch::StoredCounts UndoBatch::read_counts()
{
    StoredCounts counts;
    db::Result rows = m_downstream.query(
        label("count"),
        build_stored_counts(m_pair.downstream, m_table->m_stored.encoding, m_buckets, m_wanted));
    while (rows.next())
        counts.emplace(rows.text(0), rows.number(1));
    return counts;
}

void UndoBatch::begin_buckets(Buckets buckets, const std::vector<std::uint32_t>& wanted,
                              const std::vector<std::string>& surplus)
{
    if (m_table == nullptr)
        return;
    refuse_keyless_engine();
    m_buckets = buckets;
    m_wanted = wanted;
    in_chunks(surplus, [&](const std::vector<std::string>& chunk) {
        save_rows(
            build_saved_rows_of_digests(m_pair.downstream, m_table->m_stored.encoding, chunk));
    });
    begin_counting();
}

void UndoBatch::end_buckets()
{
    if (m_counting)
        end_counting();
}

void UndoBatch::begin_counting()
{
    m_before = read_counts();
    m_counting = true;
}

void UndoBatch::end_counting()
{
    m_counting = false;
    StoredCounts after = read_counts();
    for (const auto& [digest, rows] : m_before) {
        const auto found = after.find(digest);
        const std::uint64_t left = found == after.end() ? 0 : found->second;
        if (left != rows)
            batch().add(undo::Count{digest, rows, left});
        if (found != after.end())
            after.erase(found);
    }
    for (const auto& [digest, rows] : after)
        batch().add(undo::Count{digest, 0, rows});
    m_before.clear();
}

void UndoBatch::save()
{
    end_buckets();
    if (!m_batch)
        return;
    m_batch->finish();
    base::at(base::Stage::undo_saved);
}

} // namespace slicetool::sync
