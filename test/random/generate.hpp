#pragma once

#include "random/model.hpp"

#include <cstdint>

namespace slicetool::search {

/// The case of that number: always the same for the same seed and families.
Case make_case(std::uint64_t seed, const Families& families);

} // namespace slicetool::search
