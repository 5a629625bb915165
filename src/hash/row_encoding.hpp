#pragma once

#include "hash/column_form.hpp"

#include <optional>
#include <string>
#include <vector>

namespace slicetool::hash {

/// Goes into every report and stored state; another number means other digests.
inline constexpr int k_encoding_version = 1;

/// The injective text of a row, as SQL and in C++; the two agree byte for byte.
/// docs/row-encoding.md is its specification.
///
///     <p1>,<p2>,…,<l1>,<l2>,…;<b1><b2>…
///
/// p: the plain values in column order; l: the byte lengths of the string-like ones; b: their
/// bytes. NULL is
/// `~` (as value or as length). Lengths make rows self-delimiting, so they concatenate without
/// separator. Of long values the hexadecimal digest stands for the bytes.
class RowEncoding
{
public:
    /// `columns` in the order both sides agreed on. Names are those of one side; forms are shared.
    RowEncoding(std::vector<EncodedColumn> columns, DigestKind digest);

    const std::vector<EncodedColumn>& columns() const { return m_columns; }
    DigestKind digest() const { return m_digest; }

    /// Expressions, separated by commas, whose values one after another are the row's encoding:
    /// what CONCAT and GROUP_CONCAT take. Binary strings, never NULL.
    std::string row_parts_sql() const;

    /// The whole as one expression.
    std::string row_sql() const;

    /// The raw digest of row_sql(): what a leaf lists.
    std::string row_digest_sql() const;

    /// Bytes that a row's encoding may have at most.
    std::uint64_t longest_row() const;

    /// SQL of the bytes that vary between rows (the sum of the lengths of the string-like columns
    /// that are not digested); "0" when there are none.
    std::string varying_bytes_sql() const;

    /// The part of longest_row() that varying_bytes_sql() does not count.
    std::uint64_t fixed_bytes() const;

    /// The expressions of a SELECT list that reads rows for encode(), in column order.
    std::vector<std::string> select_list() const;

    /// Appends the encoding of one row to `out`. `values` are what the server sent for
    /// select_list().
    void encode(const std::vector<std::optional<std::string>>& values, std::string& out) const;

private:
    std::vector<EncodedColumn> m_columns;
    DigestKind m_digest;
};

} // namespace slicetool::hash
