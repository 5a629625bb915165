#pragma once

#include "sync/session_pair.hpp"
#include "sync/table_pair.hpp"

namespace slicetool::sync {

/// Proves, by one scan of each side that both servers make at the same time, that comparing the
/// converted columns as utf8mb4 is exact: every value on either side comes back from utf8mb4 as the
/// bytes that it was, and every upstream value from downstream's character set as the text that it
/// was. Throws base::Refusal, naming the column and a row, when one does not. Does nothing for a
/// pair without converted columns.
void refuse_lossy_conversion(const TablePair& pair, SessionPair& sessions);

/// The statement for one side: which converted column (by position) holds a value that does not
/// survive, then the key's columns, for at most one row. `into_downstream`: the side is upstream,
/// whose values must survive downstream's character set too.
std::string build_lossy(const TableSide& side, const std::vector<ConvertedColumn>& converted,
                        bool into_downstream);

} // namespace slicetool::sync
