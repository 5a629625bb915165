#pragma once

#include "config/job.hpp"
#include "config/node_reader.hpp"

namespace slicetool::config {

/// The keys of each kind of mapping below the root; read_config.cpp puts them together.
const KeyTable<EndpointSettings>& endpoint_keys();
const KeyTable<Defaults>& default_keys();
const KeyTable<Job>& job_keys();
const KeyTable<TableEntry>& table_keys();

} // namespace slicetool::config
