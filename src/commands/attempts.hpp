#pragma once

#include "base/stop.hpp"
#include "report/reporter.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace slicetool::commands {

void add_retry_option(CLI::App& command, unsigned& retries);

/// Runs `work`, and again when a connection was lost or could not be had, at most `retries` times:
/// from the beginning, with a new snapshot, after 1, 2, 4 … seconds, 60 at most. Each time it is
/// told; the reporter hears of one run all the same, in which a table's later result replaces its
/// earlier one. Throws what the last attempt threw, and base::Interrupted on a stop.
int with_attempts(unsigned retries, report::Reporter& reporter, const base::StopToken& stop,
                  const std::function<int(report::Reporter&)>& work);

} // namespace slicetool::commands
