#pragma once

#include "report/reporter.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace slicetool::report {

inline constexpr std::array k_outcomes{Outcome::equal,   Outcome::made_equal, Outcome::lite,
                                       Outcome::done,    Outcome::different,  Outcome::skipped,
                                       Outcome::refused, Outcome::failed};
inline constexpr std::array k_schema_actions{
    SchemaAction::equal,       SchemaAction::created, SchemaAction::altered,
    SchemaAction::recreated,   SchemaAction::drift,   SchemaAction::would_create,
    SchemaAction::would_alter, SchemaAction::refused, SchemaAction::failed};

struct Note
{
    std::string table; ///< empty: concerns the run
    Severity severity = Severity::info;
    std::string sentence;
};

/// Sums over the results of the tables.
struct Totals
{
    std::uint64_t tables = 0;                                ///< that were finished
    std::array<std::uint64_t, k_outcomes.size()> outcomes{}; ///< in the order of k_outcomes
    std::uint64_t unfinished = 0;                            ///< tables started and not finished
    TableResult sum; ///< every count added up; `elapsed` too, so with jobs it may pass the run's

    std::uint64_t of(Outcome outcome) const;
};

/// Everything that a run told and that is kept until its end (differing rows are not). What reports
/// are printed from. Not thread-safe: its owner locks.
class Record
{
public:
    std::optional<RunInfo> run;
    std::vector<Note> notes;
    std::vector<UndoResult> undone;
    RunResult end;

    void start_table(const std::string& table) { entry(table); }

    /// A second result for the same table replaces the first.
    void finish_table(const TableResult& result) { entry(result.table).result = result; }
    void add_schema(const SchemaResult& result);

    struct Entry
    {
        std::string table;
        std::optional<TableResult> result; ///< nullopt: started, not finished
    };

    /// In the order in which they were first named.
    const std::vector<Entry>& tables() const { return m_tables; }
    const std::vector<SchemaResult>& schema() const { return m_schema; }

    Totals totals() const;

    /// How many schema results say `action`.
    std::size_t count_of(SchemaAction action) const;

private:
    Entry& entry(const std::string& table);

    std::vector<Entry> m_tables;
    std::unordered_map<std::string, std::size_t> m_table_index;
    std::vector<SchemaResult> m_schema;
    std::unordered_map<std::string, std::size_t> m_schema_index;
};

} // namespace slicetool::report
