#pragma once

#include "sync/table_pair.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace slicetool::sync {

enum class StepKind {
    sync,    ///< compare ranges, zoom, copy what differs
    lite,    ///< rows beyond the last key, and rows whose timestamp is not older than the watermark
    keys,    ///< exactly the rows whose keys a query upstream names
    replace, ///< the rows of a query upstream replace all rows, in one transaction
    clear,   ///< delete all rows
    sql,     ///< statements on downstream
    skip     ///< nothing
};

/// How a lite step finds changed rows.
struct LiteChoices
{
    std::string column; ///< a TIMESTAMP or DATETIME; empty: the one with ON UPDATE
    /// Rows that much older than the watermark are looked at, too: their transactions may have been
    /// committed after the last look.
    std::chrono::seconds overlap{120};
};

/// One entry of a table's list of work. Members that do not belong to its kind are unused.
struct Step
{
    StepKind kind = StepKind::sync;
    TableChoices choices; ///< sync, lite, keys, replace
    LiteChoices lite;
    std::string query;       ///< keys, replace
    bool keep_others = true; ///< keys: leave the rows alone that the query does not name
    std::vector<std::string> statements; ///< sql
    std::string place;                   ///< "shop.yaml:12", for messages; empty: no config
};

/// What a table without steps of its own goes through.
Step sync_step(TableChoices choices);

/// The word that a job uses: "replace".
std::string_view step_word(StepKind kind);

} // namespace slicetool::sync
