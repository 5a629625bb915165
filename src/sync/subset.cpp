#include "sync/subset.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace slicetool::sync {

namespace {

using Tables = std::map<std::string, sql::Table>;

/// A condition stands in each range of a statement.
constexpr std::size_t k_most_condition_bytes = 32 * 1024;

std::string placed(const Reference& reference)
{
    return reference.place.empty() ? describe(reference)
                                   : fmt::format("{} ({})", describe(reference), reference.place);
}

const SubsetTable* find_table(const FollowOptions& options, const std::string& name)
{
    const auto found = std::find_if(options.tables.begin(), options.tables.end(),
                                    [&](const SubsetTable& table) { return table.name == name; });
    return found == options.tables.end() ? nullptr : &*found;
}

/// Of one end of a reference; `columns` become those of the definition.
void check_end(const Reference& reference, const std::string& table,
               const std::vector<std::string>& columns, const FollowOptions& options,
               const Tables& upstream)
{
    const SubsetTable* said = find_table(options, table);
    if (said == nullptr)
        throw base::Refusal(fmt::format("follow: {}: table {} is not among the job's tables, so "
                                        "that nobody knows which of its rows are in the slice. "
                                        "List it, or leave the reference out.",
                                        placed(reference), table));
    const auto definition = upstream.find(table);
    if (definition == upstream.end())
        throw base::Refusal(
            fmt::format("follow: {}: there is no table {} upstream.", placed(reference), table));
    for (const auto& column : columns) {
        if (definition->second.find_column(column) == nullptr)
            throw base::Refusal(fmt::format("follow: {}: table {} has no column {} upstream.",
                                            placed(reference), table, column));
        if (const Mask* mask = find_mask(said->masks, column))
            throw base::Refusal(fmt::format(
                "follow: {}: column {} of {} is masked ({}), and a masked reference leads nowhere. "
                "Leave the column unmasked, or list the references to follow without this one.",
                placed(reference), column, table, describe(*mask)));
    }
}

bool same_ends(const Reference& a, const Reference& b)
{
    const auto same = [](const std::vector<std::string>& x, const std::vector<std::string>& y) {
        return std::equal(x.begin(), x.end(), y.begin(), y.end(), base::equal_ignoring_case);
    };
    return a.child == b.child && a.parent == b.parent && same(a.child_columns, b.child_columns) &&
           same(a.parent_columns, b.parent_columns);
}

void add_foreign_keys(const sql::Table& table, const FollowOptions& options,
                      std::vector<Reference>& references)
{
    for (const auto& key : table.foreign_keys) {
        const bool elsewhere =
            !key.referenced_schema.empty() && key.referenced_schema != table.schema;
        if (elsewhere || find_table(options, key.referenced_table) == nullptr)
            continue;
        Reference reference{table.name, key.columns, key.referenced_table, key.referenced_columns,
                            ""};
        const bool known =
            std::any_of(references.begin(), references.end(),
                        [&](const Reference& other) { return same_ends(other, reference); });
        if (!known)
            references.push_back(std::move(reference));
    }
}

/// Builds the conditions, table by table; each depends on those of others.
class Builder
{
public:
    Builder(const FollowOptions& options, const Tables& upstream)
        : m_options(options), m_upstream(upstream)
    {
        collect();
        find_restricted();
    }

    Subset build();

private:
    enum class Part { restriction, pulled };

    void collect();
    void keep(const Reference& reference);
    void find_restricted();
    bool restricts(const Reference& reference) const;
    bool is_restricted(const std::string& table) const { return m_restricted.count(table) != 0; }
    bool is_pulled(const std::string& table);
    std::string restriction(const std::string& table);
    std::string pulled(const std::string& table);
    std::string rows_in_parent(const Reference& reference, const std::string& condition) const;
    std::string rows_of_child(const Reference& reference, const std::string& condition) const;
    std::string own(const std::string& table) const { return find_table(m_options, table)->where; }
    std::string qualified(const std::string& table) const
    {
        return m_upstream.at(table).qualified_name();
    }
    void enter(const std::string& table, Part part);
    void leave() { m_path.pop_back(); }
    [[noreturn]] void refuse_cycle(const std::string& table) const;
    void refuse_long(const std::string& table, const std::string& condition) const;

    const FollowOptions& m_options;
    const Tables& m_upstream;
    Subset m_subset;
    std::set<std::string> m_restricted; ///< tables of which the slice holds a part
    std::vector<std::pair<std::string, Part>> m_path;
    std::map<std::string, std::string> m_restrictions; ///< those that are known already
    std::map<std::string, std::string> m_pulled;
};

void Builder::collect()
{
    std::vector<Reference> references = m_options.references;
    for (const auto& table : m_options.tables) {
        const auto definition = m_upstream.find(table.name);
        if (m_options.automatic && definition != m_upstream.end())
            add_foreign_keys(definition->second, m_options, references);
    }
    for (const auto& reference : references) {
        check_end(reference, reference.child, reference.child_columns, m_options, m_upstream);
        check_end(reference, reference.parent, reference.parent_columns, m_options, m_upstream);
        if (reference.child_columns.size() != reference.parent_columns.size())
            throw base::Refusal(fmt::format("follow: {}: the two sides have not as many columns.",
                                            placed(reference)));
        keep(reference);
    }
}

void Builder::keep(const Reference& reference)
{
    if (find_table(m_options, reference.child)->skip)
        return;
    if (find_table(m_options, reference.parent)->skip) {
        m_subset.notes.push_back(fmt::format(
            "{} is not followed, since {} is skipped: rows of {} may refer to rows that are not "
            "downstream.",
            describe(reference), reference.parent, reference.child));
        return;
    }
    m_subset.followed.push_back(reference);
}

/// With `parents: pull` a table that has a condition of its own decides itself, and its parents
/// come along; the others are restricted by theirs.
bool Builder::restricts(const Reference& reference) const
{
    return !m_options.pull_parents || own(reference.child).empty();
}

void Builder::find_restricted()
{
    for (const auto& table : m_options.tables) {
        if (!table.where.empty() && !table.skip)
            m_restricted.insert(table.name);
    }
    for (bool more = true; more;) {
        more = false;
        for (const auto& reference : m_subset.followed) {
            if (restricts(reference) && is_restricted(reference.parent))
                more |= m_restricted.insert(reference.child).second;
        }
    }
    // A table that refers to itself: only upstream's own keys may be left out without a word of the
    // user.
    std::erase_if(m_subset.followed, [&](const Reference& reference) {
        const bool left_out = reference.place.empty() && reference.child == reference.parent &&
                              is_restricted(reference.child);
        if (left_out)
            m_subset.notes.push_back(fmt::format(
                "{} is not followed, since a condition cannot follow a table into itself: rows of "
                "{} may refer to rows that are not downstream.",
                describe(reference), reference.child));
        return left_out;
    });
}

void Builder::refuse_cycle(const std::string& table) const
{
    std::string cycle;
    bool inside = false;
    for (const auto& [name, part] : m_path) {
        inside |= name == table;
        if (inside)
            cycle += name + " -> ";
    }
    throw base::Refusal(fmt::format(
        "follow: the references {}{} lead back to where they began, so that no condition can say "
        "which rows are in the slice. Leave out one of them{}: list the references to follow "
        "without it.",
        cycle, table, m_options.automatic ? " (auto takes them all)" : ""));
}

void Builder::enter(const std::string& table, Part part)
{
    if (std::find(m_path.begin(), m_path.end(), std::pair(table, part)) != m_path.end())
        refuse_cycle(table);
    m_path.emplace_back(table, part);
}

void Builder::refuse_long(const std::string& table, const std::string& condition) const
{
    if (condition.size() > k_most_condition_bytes)
        throw base::Refusal(fmt::format("follow: the condition of table {} would take more than {} "
                                        "bytes. Follow fewer references.",
                                        table, k_most_condition_bytes));
}

std::string all_of(const std::vector<std::string>& conditions)
{
    return base::join(conditions, " AND ");
}

/// "(`a`, `b`)", or "`a`" alone.
std::string tuple(const std::vector<std::string>& columns)
{
    const std::string names = sql::quote_identifiers(columns);
    return columns.size() == 1 ? names : "(" + names + ")";
}

std::string where(const std::string& condition)
{
    return condition.empty() ? "" : " WHERE " + condition;
}

/// Rows of the child whose parent is there; those with a NULL refer to nothing (MATCH SIMPLE). A
/// subquery of its own, so that no name means another table's column.
std::string Builder::rows_in_parent(const Reference& reference, const std::string& condition) const
{
    std::vector<std::string> ways;
    for (const auto& column : reference.child_columns) {
        if (m_upstream.at(reference.child).find_column(column)->nullable)
            ways.push_back(sql::quote_identifier(column) + " IS NULL");
    }
    ways.push_back(fmt::format("{} IN (SELECT {} FROM {}{})", tuple(reference.child_columns),
                               sql::quote_identifiers(reference.parent_columns),
                               qualified(reference.parent), where(condition)));
    return ways.size() == 1 ? ways.front() : "(" + base::join(ways, " OR ") + ")";
}

/// Rows of the parent that rows of the child refer to.
std::string Builder::rows_of_child(const Reference& reference, const std::string& condition) const
{
    return fmt::format("{} IN (SELECT {} FROM {}{})", tuple(reference.parent_columns),
                       sql::quote_identifiers(reference.child_columns), qualified(reference.child),
                       where(condition));
}

std::string Builder::restriction(const std::string& table)
{
    if (const auto known = m_restrictions.find(table); known != m_restrictions.end())
        return known->second;
    enter(table, Part::restriction);
    std::vector<std::string> conditions;
    for (const auto& reference : m_subset.followed) {
        if (reference.child != table || !restricts(reference) || !is_restricted(reference.parent))
            continue;
        const std::string parent =
            with_subset(own(reference.parent), {restriction(reference.parent), ""});
        conditions.push_back(rows_in_parent(reference, parent));
    }
    leave();
    refuse_long(table, all_of(conditions));
    return m_restrictions[table] = all_of(conditions);
}

/// True when rows of the table come along for others' sake.
bool Builder::is_pulled(const std::string& table)
{
    return !pulled(table).empty();
}

/// A restricting reference needs no rows to come along, but for the rows that themselves do.
std::string Builder::pulled(const std::string& table)
{
    if (!m_options.pull_parents || !is_restricted(table))
        return "";
    if (const auto known = m_pulled.find(table); known != m_pulled.end())
        return known->second;
    enter(table, Part::pulled);
    std::vector<std::string> ways;
    for (const auto& reference : m_subset.followed) {
        if (reference.parent != table || (restricts(reference) && !is_pulled(reference.child)))
            continue;
        const std::string child = with_subset(
            own(reference.child), {restriction(reference.child), pulled(reference.child)});
        ways.push_back(rows_of_child(reference, child));
    }
    leave();
    const std::string any = base::join(ways, " OR ");
    refuse_long(table, any);
    return m_pulled[table] = any;
}

Subset Builder::build()
{
    for (const auto& table : m_options.tables) {
        if (table.skip || m_upstream.count(table.name) == 0)
            continue;
        SubsetCondition condition{restriction(table.name), pulled(table.name)};
        if (!condition.restriction.empty() || !condition.pulled.empty())
            m_subset.conditions.emplace(table.name, std::move(condition));
    }
    return std::move(m_subset);
}

std::string end_of(const std::string& table, const std::vector<std::string>& columns)
{
    return columns.size() == 1 ? fmt::format("{}.{}", table, columns.front())
                               : fmt::format("{}({})", table, base::join(columns, ", "));
}

} // namespace

std::string describe(const Reference& reference)
{
    return fmt::format("{} -> {}", end_of(reference.child, reference.child_columns),
                       end_of(reference.parent, reference.parent_columns));
}

Subset build_subset(const FollowOptions& options, const std::map<std::string, sql::Table>& upstream)
{
    return Builder(options, upstream).build();
}

std::string with_subset(const std::string& where, const SubsetCondition& condition)
{
    std::string both = where.empty() ? "" : "(" + where + ")";
    if (!condition.restriction.empty())
        both += (both.empty() ? "" : " AND ") + condition.restriction;
    if (condition.pulled.empty() || both.empty())
        return both;
    return fmt::format("({}) OR {}", both, condition.pulled);
}

} // namespace slicetool::sync
