#include "report/record.hpp"

#include <algorithm>

namespace slicetool::report {

namespace {

void add(TableResult& sum, const TableResult& result)
{
    sum.rows += result.rows;
    sum.missing += result.missing;
    sum.extra += result.extra;
    sum.changed += result.changed;
    sum.in_flight += result.in_flight;
    sum.copied += result.copied;
    sum.deleted += result.deleted;
    sum.bytes_upstream += result.bytes_upstream;
    sum.bytes_downstream += result.bytes_downstream;
    sum.statements_upstream += result.statements_upstream;
    sum.statements_downstream += result.statements_downstream;
    sum.elapsed += result.elapsed;
    sum.ranges += result.ranges;
    sum.zoomed_ranges += result.zoomed_ranges;
}

std::size_t index_of(Outcome outcome)
{
    return static_cast<std::size_t>(std::find(k_outcomes.begin(), k_outcomes.end(), outcome) -
                                    k_outcomes.begin());
}

} // namespace

std::uint64_t Totals::of(Outcome outcome) const
{
    return outcomes.at(index_of(outcome));
}

Record::Entry& Record::entry(const std::string& table)
{
    const auto [at, added] = m_table_index.try_emplace(table, m_tables.size());
    if (added)
        m_tables.push_back({table, std::nullopt});
    return m_tables[at->second];
}

void Record::add_schema(const SchemaResult& result)
{
    const auto [at, added] = m_schema_index.try_emplace(result.table, m_schema.size());
    if (added)
        m_schema.push_back(result);
    else
        m_schema[at->second] = result;
}

Totals Record::totals() const
{
    Totals totals;
    for (const auto& [table, result] : m_tables) {
        if (!result) {
            ++totals.unfinished;
            continue;
        }
        ++totals.tables;
        ++totals.outcomes.at(index_of(result->outcome));
        add(totals.sum, *result);
    }
    return totals;
}

std::size_t Record::count_of(SchemaAction action) const
{
    return static_cast<std::size_t>(
        std::count_if(m_schema.begin(), m_schema.end(),
                      [action](const SchemaResult& result) { return result.action == action; }));
}

} // namespace slicetool::report
