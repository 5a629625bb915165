#pragma once

#include "sync/session_pair.hpp"
#include "sync/table_pair.hpp"

#include <string>
#include <vector>

namespace slicetool::sync {

/// "SELECT …" that evaluates a mask's expression for no row. It stands in the condition, where
/// servers take no aggregate: an expression is about one row.
std::string build_mask_probe(const sql::Table& upstream, const std::string& source_sql);
std::string build_mask_probe(const TableSide& upstream, const MaskedColumn& masked);

/// Asks upstream whether the masks can be evaluated there. Throws base::Refusal that names the one
/// that cannot, with the server's reason: no row is read for it, so that its words quote none.
void refuse_bad_masks(db::Session& upstream, const TablePair& pair);

/// Throws base::UsageError if one of the masks needs the key and the endpoint has none.
void require_mask_key(const base::Endpoint& upstream, const std::string& table,
                      const std::vector<Mask>& masks);

/// Keeps what upstream says out of errors as long as it lives: it may quote masked values. The
/// workers must outlive it.
class MaskedReading
{
public:
    MaskedReading(std::vector<SessionPair>& workers, const std::vector<Mask>& masks);
    MaskedReading(const MaskedReading&) = delete;
    MaskedReading& operator=(const MaskedReading&) = delete;
    ~MaskedReading();

private:
    void set(db::ServerWords words);

    std::vector<SessionPair>& m_workers;
};

} // namespace slicetool::sync
