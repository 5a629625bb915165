#pragma once

#include "db/session.hpp"
#include "sync/statements.hpp"

#include <cstdint>
#include <string>

namespace slicetool::sync {

/// Inserts rows by multi-row INSERTs, a statement whenever enough text has come together. For one
/// thread; the session must outlive it.
class RowInserter
{
public:
    RowInserter(const TablePair& pair, db::Session& downstream);

    /// `carried` has a value for each of the pair's carried columns, or is empty: then their
    /// defaults apply.
    void add(const RowValues& values, const RowValues& carried);

    /// Sends what is left. Returns the rows inserted in all.
    std::uint64_t finish();

private:
    void send();

    const TablePair& m_pair;
    db::Session& m_downstream;
    const std::size_t m_statement_bytes;
    std::string m_head;
    std::string m_text;
    bool m_with_carried = false;
    std::uint64_t m_pending = 0;
    std::uint64_t m_rows = 0;
};

} // namespace slicetool::sync
