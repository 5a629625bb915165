#pragma once

#include "db/session.hpp"
#include "sync/statements.hpp"

#include <cstdint>
#include <string>

namespace slicetool::sync {

/// Throws base::Refusal, naming the row, if upstream has cut one of its values: MySQL sends an
/// empty text for a JSON value longer than its max_allowed_packet.
void refuse_cut_values(const TablePair& pair, const RowValues& values);

/// Inserts rows by multi-row INSERTs, a statement whenever enough text has come together. For one
/// thread; the session must outlive it.
class RowInserter
{
public:
    RowInserter(const TablePair& pair, db::Session& downstream);

    /// `carried` has a value for each of the pair's carried columns, or is empty: then their
    /// defaults apply. Throws base::Refusal, naming the row, if no packet can carry it.
    void add(const RowValues& values, const RowValues& carried);

    /// Sends what is left. Returns the rows inserted in all.
    std::uint64_t finish();

private:
    void refuse_too_large(const RowValues& values) const;
    void send();

    const TablePair& m_pair;
    db::Session& m_downstream;
    const std::size_t m_most_bytes; ///< that a statement may have
    const std::size_t m_statement_bytes;
    std::string m_text;
    std::string m_row; ///< kept for its memory
    bool m_with_carried = false;
    std::uint64_t m_pending = 0;
    std::uint64_t m_rows = 0;
};

} // namespace slicetool::sync
