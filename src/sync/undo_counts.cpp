#include "base/error.hpp"
#include "sync/keyless_statements.hpp"
#include "sync/reads.hpp"
#include "sync/row_inserter.hpp"
#include "sync/undo_table.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace slicetool::sync {

namespace {

/// Digests named in one statement; each such statement reads the whole table.
constexpr std::size_t k_digests_per_statement = 500;

using Counts = std::map<std::string, std::uint64_t>;

/// A batch of a table without key, in one transaction: only how many rows have a digest is known.
class CountsUndo
{
public:
    CountsUndo(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch)
        : m_table(table), m_context(context), m_batch(batch)
    {
    }

    void run();

private:
    Counts read_now();
    bool all_are_at(std::uint64_t undo::Count::*number) const;
    void look();
    void take_away() const;
    void insert() const;
    void prove();
    void count();
    std::uint64_t surplus() const;

    UndoneTable& m_table;
    const UndoContext& m_context;
    const undo::Reader::Batch& m_batch;
    std::map<std::string, undo::Count> m_counts; ///< by digest
    Counts m_now;
    std::uint64_t m_rows = 0;                      ///< of the whole table, at the last look
    std::map<std::string, std::uint64_t> m_wanted; ///< rows that there shall be, of what changes
    std::vector<std::string> m_refused;
};

Counts CountsUndo::read_now()
{
    Counts counts;
    for (const auto& entry : m_counts)
        counts[entry.first] = 0;
    m_rows = 0;
    db::Result rows = m_context.session.query("count rows of " + m_table.side().name,
                                              build_all_counts(m_table.side()) +
                                                  (m_context.options.dry_run ? "" : " FOR UPDATE"));
    while (rows.next()) {
        const std::string digest = rows.text(0);
        m_rows += rows.number(1);
        if (m_counts.count(digest) != 0)
            counts[digest] += rows.number(1);
    }
    for (const auto& [digest, imagined] : m_table.imagined_counts) {
        if (m_counts.count(digest) != 0)
            counts[digest] = imagined;
    }
    return counts;
}

/// Which row became which is not known, so the batch is judged as a whole: a row more, or less,
/// than it left may be any of its rows.
bool CountsUndo::all_are_at(std::uint64_t undo::Count::*number) const
{
    return std::all_of(m_counts.begin(), m_counts.end(), [&](const auto& entry) {
        return m_now.at(entry.first) == entry.second.*number;
    });
}

void CountsUndo::look()
{
    m_now = read_now();
    m_wanted.clear();
    m_refused.clear();
    const bool restores = m_context.options.force ||
                          (!all_are_at(&undo::Count::before) && all_are_at(&undo::Count::after));
    for (const auto& [digest, count] : m_counts) {
        const std::uint64_t now = m_now.at(digest);
        if (now == count.before)
            continue;
        // Values are there of rows that became fewer; others can only be taken away.
        const bool can = now > count.before || count.before > count.after;
        if (restores && can)
            m_wanted[digest] = count.before;
        else
            m_refused.push_back(digest);
    }
}

/// Rows that are to go.
std::uint64_t CountsUndo::surplus() const
{
    std::uint64_t rows = 0;
    for (const auto& [digest, wanted] : m_wanted)
        rows += m_now.at(digest) > wanted ? m_now.at(digest) - wanted : 0;
    return rows;
}

void CountsUndo::take_away() const
{
    if (surplus() == m_rows && m_rows > 0) { // the way back from a first copy
        m_context.session.execute("delete rows of " + m_table.side().name,
                                  build_delete_all(m_table.side()));
        return;
    }
    std::vector<std::string> all_of_them;
    std::uint64_t rows = 0;
    const auto remove = [&](const std::vector<std::string>& digests, std::uint64_t most) {
        if (most > 0)
            m_context.session.execute("delete rows of " + m_table.side().name,
                                      build_delete_digests(m_table.side(), digests, most));
    };
    for (const auto& [digest, wanted] : m_wanted) {
        const std::uint64_t now = m_now.at(digest);
        if (now <= wanted)
            continue;
        if (wanted > 0) {
            remove({digest}, now - wanted);
            continue;
        }
        all_of_them.push_back(digest);
        rows += now;
        if (all_of_them.size() == k_digests_per_statement) {
            remove(all_of_them, rows);
            all_of_them.clear();
            rows = 0;
        }
    }
    remove(all_of_them, rows);
}

void CountsUndo::insert() const
{
    Counts there = m_now;
    RowInserter inserter(*m_table.pair, m_context.session);
    for (const auto place : m_batch.frames) {
        for (const auto& row : m_context.file.read(place).rows) {
            const std::string digest = row_digest(m_table.side().encoding, row);
            const auto wanted = m_wanted.find(digest);
            if (wanted == m_wanted.end())
                continue;
            for (; there[digest] < wanted->second; ++there[digest])
                inserter.add(row, {});
        }
    }
    inserter.finish();
}

void CountsUndo::prove()
{
    Counts now = read_now();
    const bool proven = std::all_of(m_wanted.begin(), m_wanted.end(), [&](const auto& wanted) {
        return now[wanted.first] == wanted.second;
    });
    if (!proven)
        throw base::Error(fmt::format(
            "Table {}: its rows were restored, and are not what they were; all was rolled back. "
            "Does a trigger, or another program, change what is written there?",
            m_table.side().name));
}

void CountsUndo::count()
{
    const auto distance = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; };
    for (const auto& [digest, count] : m_counts) {
        const std::uint64_t now = m_now.at(digest);
        if (now == count.before)
            m_table.result.as_before += distance(count.before, count.after);
        else if (m_wanted.count(digest) != 0)
            m_table.result.restored += distance(now, count.before);
        if (m_wanted.empty() && m_refused.empty())
            m_table.refused.erase({hash::to_hex(digest)});
    }
    for (const auto& digest : m_refused)
        refuse_row(m_table, {hash::to_hex(digest)}, report::DifferenceKind::changed_since);
}

void CountsUndo::run()
{
    for (const auto place : m_batch.frames) {
        for (const auto& count : m_context.file.read(place).counts) {
            const auto [known, is_new] = m_counts.emplace(count.digest, count);
            if (!is_new)
                known->second.after = count.after;
        }
    }
    if (m_context.options.dry_run) {
        look();
        for (const auto& [digest, wanted] : m_wanted)
            m_table.imagined_counts[digest] = wanted;
    } else {
        in_transaction(m_context, Reads::consistent, [this] {
            look();
            if (m_wanted.empty())
                return;
            take_away();
            insert();
            prove();
        });
    }
    count();
}

} // namespace

void undo_counts(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch)
{
    CountsUndo(table, context, batch).run();
}

} // namespace slicetool::sync
