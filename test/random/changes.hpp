#pragma once

#include "random/model.hpp"
#include "random/random.hpp"

namespace slicetool::search {

/// Overwrites the values of all keys' columns with those of row number `at`, so that rows rarely
/// collide.
void put_key_values(Random& random, const Table& table, std::size_t at, Values& values);

/// What happens to either side after both have been filled.
void add_changes(Random& random, Case& to);

} // namespace slicetool::search
