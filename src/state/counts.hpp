#pragma once

#include "report/reporter.hpp"

#include <array>
#include <cstdint>

namespace slicetool::state {

struct CountColumn
{
    const char* name; ///< of the column in `tables`
    std::uint64_t report::TableResult::*member;
};

/// The counts of a table's result, in the order of the columns.
inline constexpr std::array k_counts{
    CountColumn{"rows", &report::TableResult::rows},
    CountColumn{"missing", &report::TableResult::missing},
    CountColumn{"extra", &report::TableResult::extra},
    CountColumn{"changed", &report::TableResult::changed},
    CountColumn{"in_flight", &report::TableResult::in_flight},
    CountColumn{"copied", &report::TableResult::copied},
    CountColumn{"deleted", &report::TableResult::deleted},
    CountColumn{"bytes_upstream", &report::TableResult::bytes_upstream},
    CountColumn{"bytes_downstream", &report::TableResult::bytes_downstream},
    CountColumn{"statements_upstream", &report::TableResult::statements_upstream},
    CountColumn{"statements_downstream", &report::TableResult::statements_downstream},
    CountColumn{"ranges", &report::TableResult::ranges},
    CountColumn{"zoomed_ranges", &report::TableResult::zoomed_ranges},
};

} // namespace slicetool::state
