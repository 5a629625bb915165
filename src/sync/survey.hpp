#pragma once

#include "db/session.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace slicetool::sync {

/// What can be said of a table before it is sliced for the first time.
struct SurveyedTable
{
    std::string name;
    std::uint64_t estimated_rows = 0; ///< the engine's statistics, as are the bytes
    std::uint64_t estimated_bytes = 0;
    std::string key;      ///< "PRIMARY (id)": what rows would be identified by; empty: nothing does
    std::string trouble;  ///< why there is no key, or why the table would be refused
    bool refused = false; ///< it would be
    std::string lite_column; ///< by which a lite step finds what has changed; empty: none
};

/// Looks at the definitions of upstream's base tables; parents stand before the tables whose
/// foreign keys refer to them. Where downstream, if there is one, has the table, the pair is
/// judged; else upstream's table together with a copy of itself. No row is read.
std::vector<SurveyedTable> survey(db::Session& upstream, db::Session* downstream);

} // namespace slicetool::sync
