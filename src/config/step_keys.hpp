#pragma once

#include "config/job.hpp"
#include "config/node_reader.hpp"

#include <vector>

namespace slicetool::config {

/// The kinds of steps, as keys of a step's mapping.
const KeyTable<Step>& step_keys();

/// What each kind of step may be told.
const KeyTable<Step>& sync_keys();
const KeyTable<Step>& lite_keys();
const KeyTable<Step>& keys_keys();
const KeyTable<Step>& replace_keys();

/// A table's `steps`: a list of kinds, mappings from one kind to its options, and names of reusable
/// steps.
std::vector<Step> read_steps(NodeReader& reader, const YamlEntry& entry);

/// The steps that a name stands for: one, or a list of them, none of which is a name again.
std::vector<Step> read_named_steps(NodeReader& reader, const YamlPtr& node);

} // namespace slicetool::config
