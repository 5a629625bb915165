#pragma once

#include "random/model.hpp"

#include <chrono>
#include <functional>

namespace slicetool::search {

/// A case that still fails when it is left with as few tables, changes, rows, columns and options
/// as can be found in that time, by leaving out ever smaller parts. `fails` runs a case and says
/// whether it fails as the first did.
Case shrink(Case failing, const std::function<bool(const Case&)>& fails,
            std::chrono::seconds at_most);

} // namespace slicetool::search
