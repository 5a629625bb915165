#include "hash/fingerprint.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::hash {

namespace {

/// Ranges of the scan stay below this many rows, so where the declared longest row times this fits,
/// no length needs to be summed up (which costs a tenth of the scan's time).
constexpr std::uint64_t k_rows_without_sum = 16'384;

} // namespace

FingerprintQuery::FingerprintQuery(RowEncoding encoding, std::uint64_t limit, std::string order_by)
    : m_encoding(std::move(encoding)), m_limit(limit), m_fixed_bytes(m_encoding.fixed_bytes()),
      m_longest_row(m_encoding.longest_row()),
      m_sums_varying_bytes(m_longest_row * k_rows_without_sum >= limit &&
                           m_longest_row > m_fixed_bytes)
{
    const std::string order = order_by.empty() ? "" : " ORDER BY " + order_by;
    // GROUP_CONCAT joins its arguments itself: a CONCAT around them would copy each row once more.
    const std::string text =
        fmt::format("GROUP_CONCAT({}{} SEPARATOR '')", m_encoding.row_parts_sql(), order);
    const std::string varying =
        m_sums_varying_bytes ? fmt::format("IFNULL(SUM({}), 0)", m_encoding.varying_bytes_sql())
                             : "0";
    m_select_list =
        fmt::format("COUNT(*), {}, {}", varying, digest_raw_sql(m_encoding.digest(), text));
}

std::uint64_t FingerprintQuery::always_complete_rows() const
{
    return std::max<std::uint64_t>(1, (m_limit - 1) / m_longest_row);
}

Fingerprint FingerprintQuery::read(std::uint64_t rows, std::uint64_t varying_bytes,
                                   std::string digest) const
{
    Fingerprint fingerprint;
    fingerprint.rows = rows;
    fingerprint.digest = std::move(digest);
    const std::uint64_t bound =
        m_sums_varying_bytes ? rows * m_fixed_bytes + varying_bytes : rows * m_longest_row;
    const bool missing = rows > 0 && fingerprint.digest.size() != digest_bytes(m_encoding.digest());
    fingerprint.complete = bound < m_limit && !missing;
    return fingerprint;
}

} // namespace slicetool::hash
