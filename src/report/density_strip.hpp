#pragma once

#include "report/reporter.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace slicetool::report {

/// What a terminal or a mail can show.
enum class Charset { utf8, ascii };

/// How densely changed a bucket is, on a scale that is the same for every table and run:
/// 0: no row of it differs; 1: at most 1 row in 10,000; 2: 1 in 1,000; 3: 1 in 100; 4: 1 in 10;
/// 5: half of them; 6: more; 7: all.
unsigned density_level(const DensityBucket& bucket);

/// False when a strip would tell nothing that the counts do not: there is a single bucket, or every
/// row differs (a first copy).
bool worth_drawing(const std::vector<DensityBucket>& density);

/// One character for each of `cells` equal shares of the rows, "▁" for level 0 to "█" for level 7,
/// or one of ".:-=+*#@". No bucket with differences is lost, however few cells there are. `density`
/// is not empty.
std::string density_strip(const std::vector<DensityBucket>& density, std::size_t cells,
                          Charset charset);

} // namespace slicetool::report
