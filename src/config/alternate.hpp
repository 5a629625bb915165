#pragma once

#include "config/job.hpp"
#include "config/node_reader.hpp"

#include <optional>

namespace slicetool::config {

/// The keys of a job's `alternate`.
const KeyTable<Alternate>& alternate_keys();

/// A job's `alternate`: two databases, and where it is written down which one is in use.
void read_alternate(NodeReader& reader, const YamlEntry& entry, std::optional<Alternate>& into);

} // namespace slicetool::config
