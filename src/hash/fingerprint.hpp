#pragma once

#include "hash/row_encoding.hpp"

#include <cstdint>
#include <string>

namespace slicetool::hash {

/// What is compared of a range: two ranges with equal fingerprints hold equal rows, up to a
/// collision of the digest.
struct Fingerprint
{
    std::uint64_t rows = 0;
    std::string digest; ///< raw; empty when rows == 0
    /// False when GROUP_CONCAT may have cut the text: then the digest proves nothing and must not
    /// be used.
    bool complete = true;

    bool operator==(const Fingerprint&) const = default;
};

/// True only when both are complete and equal: the one comparison that may call ranges equal.
inline bool proves_equal(const Fingerprint& a, const Fingerprint& b)
{
    return a.complete && b.complete && a.rows == b.rows && a.digest == b.digest;
}

/// Builds and reads fingerprint queries for one table on one server.
///
/// GROUP_CONCAT cuts its text at group_concat_max_len and at max_allowed_packet with a mere
/// warning. A bound of the text's length, rows × longest row, decides whether it can have been cut;
/// where that bound is too coarse the query also sums up the lengths of the varying columns.
class FingerprintQuery
{
public:
    /// `limit`: bytes that GROUP_CONCAT can return on this server. `order_by`: a key list when the
    /// scan's own order may differ between the sides, else empty.
    FingerprintQuery(RowEncoding encoding, std::uint64_t limit, std::string order_by);

    /// "COUNT(*), <varying bytes or 0>, <raw digest>": the select list for a range; three columns.
    const std::string& select_list() const { return m_select_list; }

    /// From the three columns of a row of the result. `digest` is empty for NULL.
    Fingerprint read(std::uint64_t rows, std::uint64_t varying_bytes, std::string digest) const;

    /// The most rows of a range that is sure to be complete without a look at its bytes.
    std::uint64_t always_complete_rows() const;

private:
    RowEncoding m_encoding;
    std::uint64_t m_limit;
    std::uint64_t m_fixed_bytes; ///< of a row, by declaration
    std::uint64_t m_longest_row;
    bool m_sums_varying_bytes;
    std::string m_select_list;
};

} // namespace slicetool::hash
