#include "sync/undo_table.hpp"

#include "base/error.hpp"
#include "sync/reads.hpp"
#include "sync/row_inserter.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

namespace slicetool::sync {

namespace {

/// Keys named in one statement.
constexpr std::size_t k_keys_per_statement = 500;

/// Rows that are looked at together, where no values are in memory.
constexpr std::size_t k_keys_per_unit = 5000;

/// A row as the batch found it and as it left it; absent: there was none.
struct Change
{
    KeyTuple key;
    std::optional<RowValues> before;
    std::optional<std::string> digest_before;
    std::optional<std::string> after;
};

enum class State { as_before, restored, refused };

/// One batch. Its rows need not fit into memory: they are read from the file again for each of the
/// passes over them.
class RowsUndo
{
public:
    RowsUndo(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch,
             Imagined& imagined)
        : m_table(table), m_context(context), m_batch(batch), m_imagined(imagined),
          m_side(table.side())
    {
    }

    void run();

private:
    using Digests = std::map<KeyTuple, std::string>;
    using Unit = std::vector<Change>;

    void read_afters();
    template<class Use>
    void each_unit(Use use);
    Unit unit_of(const std::vector<undo::Values>& rows) const;
    Digests digests_of(const std::vector<KeyTuple>& keys, bool locking) const;
    Digests digests_now(const Unit& unit, bool locking) const;
    bool found_before(const KeyTuple& key);
    bool is_foreign(const KeyTuple& found, const KeyTuple& key);
    Digests foreign_rows(const Unit& unit, const Digests& found);
    void find_foreign(const std::vector<KeyTuple>& keys, Digests& foreign);
    State state_of(const Change& change, const std::optional<std::string>& now,
                   bool place_is_taken) const;
    std::vector<State> look(const Unit& unit);
    void look_and_take_away(const Unit& unit);
    void take_away(const std::vector<KeyTuple>& keys) const;
    void insert(const Unit& unit, const std::vector<State>& states) const;
    void prove(const Unit& unit, const std::vector<State>& states) const;
    void attempt();
    void find_held();
    void imagine();
    void count();

    UndoneTable& m_table;
    const UndoContext& m_context;
    const undo::Reader::Batch& m_batch;
    Imagined& m_imagined;
    const TableSide& m_side;
    std::map<KeyTuple, std::string> m_afters;
    std::set<KeyTuple> m_only_after;            ///< the batch found no row there
    std::set<KeyTuple> m_held;                  ///< other rows hold their unique values
    std::optional<std::set<KeyTuple>> m_before; ///< keys that the batch found; once asked for
    std::vector<KeyTuple> m_going;              ///< rows in the place of those to be restored
    std::vector<std::vector<State>> m_states;   ///< by unit
};

void RowsUndo::read_afters()
{
    for (const auto place : m_batch.frames) {
        for (auto& after : m_context.file.read(place).afters) {
            m_only_after.insert(after.key);
            m_afters.emplace(std::move(after.key), std::move(after.digest));
        }
    }
    for (const auto place : m_batch.frames) {
        for (const auto& row : m_context.file.read(place).rows)
            m_only_after.erase(key_of(*m_table.pair, row));
    }
}

RowsUndo::Unit RowsUndo::unit_of(const std::vector<undo::Values>& rows) const
{
    Unit unit;
    for (const auto& row : rows) {
        Change change{key_of(*m_table.pair, row), row, row_digest(m_side.encoding, row), {}};
        if (const auto after = m_afters.find(change.key); after != m_afters.end())
            change.after = after->second;
        unit.push_back(std::move(change));
    }
    return unit;
}

template<class Use>
void RowsUndo::each_unit(Use use)
{
    std::size_t number = 0;
    Unit unit;
    for (const auto& key : m_only_after) {
        unit.push_back({key, {}, {}, m_afters.at(key)});
        if (unit.size() == k_keys_per_unit)
            use(number++, std::exchange(unit, {}));
    }
    if (!unit.empty())
        use(number++, unit);
    for (const auto place : m_batch.frames) {
        const auto frame = m_context.file.read(place);
        m_context.stop.throw_if_stopped();
        if (frame.kind == undo::Kind::rows)
            use(number++, unit_of(frame.rows));
    }
}

/// Of the rows that there are, by their own keys: those that the collation takes for equal come
/// with the ones that are asked for.
RowsUndo::Digests RowsUndo::digests_of(const std::vector<KeyTuple>& keys, bool locking) const
{
    Digests digests;
    db::Result rows = m_context.session.query("digest rows of " + m_side.name,
                                              build_digests_of_keys(m_side, keys) +
                                                  (locking ? " FOR UPDATE" : ""));
    while (rows.next())
        digests.emplace(key_from(rows, m_side, 1), rows.text(0));
    return digests;
}

RowsUndo::Digests RowsUndo::digests_now(const Unit& unit, bool locking) const
{
    Digests digests;
    for (std::size_t from = 0; from < unit.size(); from += k_keys_per_statement) {
        std::vector<KeyTuple> keys;
        for (std::size_t at = from; at < std::min(unit.size(), from + k_keys_per_statement); ++at)
            keys.push_back(unit[at].key);
        digests.merge(digests_of(keys, locking));
    }
    return digests;
}

/// Whether the batch found a row of exactly this key.
bool RowsUndo::found_before(const KeyTuple& key)
{
    if (!m_before) {
        m_before.emplace();
        for (const auto place : m_batch.frames) {
            for (const auto& row : m_context.file.read(place).rows)
                m_before->insert(key_of(*m_table.pair, row));
        }
    }
    return m_before->count(key) != 0;
}

/// Whether a row that stands in the place of another key is not the batch's: the batch may have
/// found a row under one spelling and left one under another, and then each decides for itself.
bool RowsUndo::is_foreign(const KeyTuple& found, const KeyTuple& key)
{
    if (const auto gone = m_imagined.find(found); gone != m_imagined.end() && !gone->second)
        return false;
    return m_only_after.count(key) == 0 || !found_before(found);
}

/// By the keys whose places they take: rows with other keys that the collation takes for equal.
RowsUndo::Digests RowsUndo::foreign_rows(const Unit& unit, const Digests& found)
{
    std::set<KeyTuple> absent;
    for (const auto& change : unit)
        absent.insert(change.key);
    std::size_t own = 0;
    for (const auto& row : found)
        own += absent.erase(row.first);
    Digests foreign;
    if (own < found.size())
        find_foreign({absent.begin(), absent.end()}, foreign);
    return foreign;
}

/// No row has exactly one of these keys. In halves, until it is known which one a row belongs to.
void RowsUndo::find_foreign(const std::vector<KeyTuple>& keys, Digests& foreign)
{
    const std::size_t half = keys.size() / 2;
    if (keys.size() <= k_keys_per_statement) {
        const Digests found = digests_of(keys, !m_context.options.dry_run);
        if (found.empty())
            return;
        if (half == 0) {
            for (const auto& [other, digest] : found) {
                if (is_foreign(other, keys[0]))
                    foreign.emplace(keys[0], digest);
            }
            return;
        }
    }
    const auto middle = keys.begin() + static_cast<std::ptrdiff_t>(half);
    find_foreign({keys.begin(), middle}, foreign);
    find_foreign({middle, keys.end()}, foreign);
}

State RowsUndo::state_of(const Change& change, const std::optional<std::string>& now,
                         bool place_is_taken) const
{
    if (now == change.digest_before && !place_is_taken)
        return State::as_before;
    if (m_held.count(change.key) != 0)
        return State::refused;
    const bool as_left = now == change.after && !place_is_taken;
    return as_left || m_context.options.force ? State::restored : State::refused;
}

std::vector<State> RowsUndo::look(const Unit& unit)
{
    const Digests digests = digests_now(unit, !m_context.options.dry_run);
    const Digests foreign = foreign_rows(unit, digests);
    std::vector<State> states;
    m_going.clear();
    for (const auto& change : unit) {
        const auto found = digests.find(change.key);
        std::optional<std::string> now;
        if (found != digests.end())
            now = found->second;
        if (const auto other = m_imagined.find(change.key); other != m_imagined.end())
            now = other->second;
        const bool is_taken = foreign.count(change.key) != 0;
        states.push_back(state_of(change, now, is_taken));
        if (states.back() == State::restored && (now || is_taken))
            m_going.push_back(change.key);
    }
    return states;
}

void RowsUndo::look_and_take_away(const Unit& unit)
{
    m_states.push_back(look(unit));
    take_away(m_going);
}

/// What stands where rows are to be restored, and nothing else: a row may have come since.
void RowsUndo::take_away(const std::vector<KeyTuple>& keys) const
{
    for (std::size_t from = 0; from < keys.size(); from += k_keys_per_statement) {
        const auto to = std::min(keys.size(), from + k_keys_per_statement);
        m_context.session.execute(
            "delete rows of " + m_side.name,
            build_delete_keys(m_side, {keys.begin() + static_cast<std::ptrdiff_t>(from),
                                       keys.begin() + static_cast<std::ptrdiff_t>(to)}));
    }
}

void RowsUndo::insert(const Unit& unit, const std::vector<State>& states) const
{
    RowInserter inserter(*m_table.pair, m_context.session);
    for (std::size_t at = 0; at < unit.size(); ++at) {
        if (states[at] == State::restored && unit[at].before)
            inserter.add(*unit[at].before, {});
    }
    inserter.finish();
}

void RowsUndo::prove(const Unit& unit, const std::vector<State>& states) const
{
    const Digests digests = digests_now(unit, false);
    for (std::size_t at = 0; at < unit.size(); ++at) {
        if (states[at] != State::restored)
            continue;
        const auto found = digests.find(unit[at].key);
        const bool proven = unit[at].digest_before
                                ? found != digests.end() && found->second == unit[at].digest_before
                                : found == digests.end();
        if (!proven)
            throw base::Error(fmt::format(
                "Table {}: the row with {} was restored, and is not what it was; the batch was "
                "rolled back. Does a trigger, or another program, change what is written there?",
                m_side.name, describe(m_side.key, unit[at].key)));
    }
}

/// All rows go before the first is inserted: unique values may have moved from row to row.
void RowsUndo::attempt()
{
    m_states.clear();
    each_unit([&](std::size_t, const Unit& unit) { look_and_take_away(unit); });
    each_unit([&](std::size_t at, const Unit& unit) { insert(unit, m_states.at(at)); });
    each_unit([&](std::size_t at, const Unit& unit) { prove(unit, m_states.at(at)); });
}

/// Rows that cannot be inserted, since rows that stay hold their unique values. A trial: what it
/// does is rolled back.
void RowsUndo::find_held()
{
    const db::Transaction trial(m_context.session);
    m_states.clear();
    each_unit([&](std::size_t, const Unit& unit) { look_and_take_away(unit); });
    each_unit([&](std::size_t number, const Unit& unit) {
        for (std::size_t at = 0; at < unit.size(); ++at) {
            if (m_states.at(number)[at] != State::restored || !unit[at].before)
                continue;
            try {
                insert({unit[at]}, {State::restored});
            } catch (const db::Error& failure) {
                if (!failure.duplicate_key())
                    throw;
                m_held.insert(unit[at].key);
            }
        }
    });
}

void RowsUndo::imagine()
{
    m_states.clear();
    each_unit([&](std::size_t, const Unit& unit) {
        m_states.push_back(look(unit));
        for (std::size_t at = 0; at < unit.size(); ++at) {
            if (m_states.back()[at] == State::restored)
                m_imagined[unit[at].key] = unit[at].digest_before;
        }
    });
}

void RowsUndo::count()
{
    each_unit([&](std::size_t number, const Unit& unit) {
        for (std::size_t at = 0; at < unit.size(); ++at) {
            switch (m_states.at(number)[at]) {
            case State::as_before:
                ++m_table.result.as_before;
                m_table.refused.erase(unit[at].key);
                break;
            case State::restored:
                ++m_table.result.restored;
                break;
            case State::refused:
                refuse_row(m_table, unit[at].key,
                           m_held.count(unit[at].key) != 0 ? report::DifferenceKind::held
                                                           : report::DifferenceKind::changed_since);
            }
        }
    });
}

void RowsUndo::run()
{
    read_afters();
    for (bool done = m_context.options.dry_run; !done;) {
        try {
            in_transaction(m_context, Reads::consistent, [&] { attempt(); });
            done = true;
        } catch (const db::Error& failure) {
            const std::size_t held = m_held.size();
            if (!failure.duplicate_key() || !m_table.now->is_transactional())
                throw;
            find_held();
            if (m_held.size() == held)
                throw;
        }
    }
    if (m_context.options.dry_run)
        imagine();
    count();
}

} // namespace

void undo_rows(UndoneTable& table, const UndoContext& context, const undo::Reader::Batch& batch,
               Imagined& imagined)
{
    RowsUndo(table, context, batch, imagined).run();
}

} // namespace slicetool::sync
