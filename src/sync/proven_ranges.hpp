#pragma once

#include "sync/range.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace slicetool::sync {

/// What must be the same for a proof to hold later, by its name in sentences: digests of server and
/// database, of definitions, and of the statements that read and fingerprint the table, which
/// everything that the user may say about its rows has gone into.
using ProofTerms = std::map<std::string, std::string>;

/// What an earlier run, or an earlier attempt of this one, had proven of a table.
struct ProvenBefore
{
    std::string by;              ///< "run 12 of 2026-01-31 03:15:00"
    std::chrono::seconds age{0}; ///< since that run began
    ProofTerms terms;
    bool whole = false;         ///< every row of the table
    std::optional<Bound> below; ///< else the rows below it
    std::uint64_t rows = 0;     ///< so many, on each side
};

/// What is remembered of proofs between runs, one table after the other. A range is proven when
/// both sides' fingerprints, or their lists of rows, were equal, or when the transaction that
/// copied it was committed with its proof. Members may be called from any thread; none throws.
class ProvenRanges
{
public:
    ProvenRanges() = default;
    ProvenRanges(const ProvenRanges&) = delete;
    ProvenRanges& operator=(const ProvenRanges&) = delete;
    virtual ~ProvenRanges() = default;

    /// Empty unless the user asked to resume.
    virtual std::optional<ProvenBefore> before(const std::string& table) = 0;

    /// From now on the table is looked at anew; or, with `kept`, what was proven before is taken
    /// over: it stays as old as it is.
    virtual void begin(const std::string& table, const ProofTerms& terms,
                       const std::optional<ProvenBefore>& kept) = 0;

    /// All rows below `below`, so many, are proven. Called often, with ever more.
    virtual void prefix(const std::string& table, const Bound& below, std::uint64_t rows) = 0;

    /// The table has ended equal.
    virtual void whole(const std::string& table, std::uint64_t rows) = 0;
};

/// A bound as bytes, and back. decode_bound gives nothing for bytes that encode_bound did not
/// make.
std::string encode_bound(const Bound& bound);
std::optional<Bound> decode_bound(const std::string& bytes);

} // namespace slicetool::sync
