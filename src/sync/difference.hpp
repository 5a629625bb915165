#pragma once

#include "hash/fingerprint.hpp"
#include "sync/range.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// A range whose fingerprints differ, or cannot be compared.
struct Suspect
{
    Range range;
    hash::Fingerprint upstream;
    hash::Fingerprint downstream;
    unsigned attempts = 0; ///< how often it was copied and could not be proven
};

/// Raw row digests.
using DigestsByKey = std::map<KeyTuple, std::string>;

/// What differs inside a range, or among rows that are named by their keys.
struct RangeDifference
{
    Range range;
    hash::Fingerprint upstream; ///< what downstream's shall be after copying
    std::uint64_t downstream_rows = 0;
    /// Every row of the range is to be deleted downstream and copied from upstream; no keys are
    /// listed.
    bool whole = false;
    std::vector<KeyTuple> missing;
    std::vector<KeyTuple> extra;
    std::vector<KeyTuple> changed;
    unsigned attempts = 0;
    /// Set: this is about the listed rows alone, whatever else lies between them; `range` and the
    /// counts are unused. Holds upstream's digests of `missing` and `changed`.
    std::optional<DigestsByKey> by_key = std::nullopt;

    /// Rows that would be gone downstream.
    std::uint64_t extra_rows() const
    {
        if (!whole)
            return extra.size();
        return downstream_rows > upstream.rows ? downstream_rows - upstream.rows : 0;
    }

    /// Rows to be read from upstream.
    std::uint64_t rows_to_copy() const
    {
        return whole ? upstream.rows : missing.size() + changed.size();
    }

    /// The keys that are listed, in no order.
    std::vector<KeyTuple> keys() const;
};

/// What two lists of the same keys' rows say.
RangeDifference compare_by_key(const DigestsByKey& upstream, const DigestsByKey& downstream);

} // namespace slicetool::sync
