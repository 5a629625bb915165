#pragma once

#include "hash/column_form.hpp"
#include "sql/table.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// A column as both sides define it.
struct ColumnPair
{
    const sql::Column* upstream = nullptr;
    const sql::Column* downstream = nullptr;
    hash::Form form = hash::Form::plain;
};

/// A text column whose two character sets differ: its values are compared, and travel, as utf8mb4.
struct ConvertedColumn
{
    std::string upstream_name;
    std::string upstream_charset;
    std::string downstream_name;
    std::string downstream_charset;
};

struct MatchedColumns
{
    std::vector<ColumnPair> pairs; ///< in upstream's order, generated and excluded ones left out
    std::vector<ConvertedColumn> converted;
    std::vector<std::string> carried; ///< downstream's stored columns that are not compared
    std::vector<std::string> notes;
};

/// Pairs the columns of both tables by name (without case). Throws base::Refusal, naming every
/// column that stands in the way, when values cannot be compared or stored without loss. The tables
/// must outlive the result.
MatchedColumns match_columns(const sql::Table& upstream, const sql::Table& downstream,
                             const std::vector<std::string>& excluded);

/// The column has values of its own: it is neither generated nor a versioned row's begin or end.
bool is_stored(const sql::Column& column);

/// A column as the encoding of a side has it.
hash::EncodedColumn encoded(const sql::Column& column, hash::Form form);

/// True when a byte string means the same text in both character sets.
bool same_bytes(const std::string& charset, const std::string& other);

} // namespace slicetool::sync
