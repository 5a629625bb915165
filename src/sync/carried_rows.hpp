#pragma once

#include "db/session.hpp"
#include "sync/statements.hpp"

#include <map>
#include <vector>

namespace slicetool::sync {

/// Values of a pair's carried columns, by the key under which a row is inserted again.
using CarriedRows = std::map<KeyTuple, RowValues>;

/// What downstream's rows hold in the pair's carried columns, before they are deleted; locks them.
/// A row that the server finds under one of `keys`, though its own key is written otherwise ('Bob'
/// and 'bob'), is told by that one. Throws base::Refusal where a value would not come back from its
/// text.
CarriedRows read_carried(db::Session& downstream, const TablePair& pair,
                         const std::vector<KeyTuple>& keys);

} // namespace slicetool::sync
