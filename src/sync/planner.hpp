#pragma once

#include "sync/integer_key.hpp"
#include "sync/reads.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace slicetool::sync {

/// Where the rows of both sides lie, asked once before a scan.
struct TableBounds
{
    std::optional<KeyTuple> upstream_first;
    std::optional<KeyTuple> downstream_first;
    std::optional<KeyTuple> downstream_last;
    std::uint64_t estimated_rows = 0; ///< upstream's statistics; may be far off
    /// What lies before it is not looked at, and the keys above are the first beyond it; empty: −∞.
    std::optional<Bound> start = std::nullopt;
    /// Set: the plan covers the keys of both sides, and no tail is left; upstream is not empty.
    std::optional<KeyTuple> upstream_last = std::nullopt;
};

/// Cuts the key space, up to the downstream's last key or all of it, into ranges that touch each
/// other: from the start on, nothing is left out between them. How well they are cut decides about
/// speed, never about what is compared.
class Planner
{
public:
    virtual ~Planner() = default;

    /// The next ranges in key order, at most `count`. May ask both servers.
    virtual std::vector<Range> next(db::Session& upstream, db::Session& downstream,
                                    std::size_t count) = 0;

    /// True when all of that has been planned.
    virtual bool finished() const = 0;

    /// From the next answer on ranges are to hold at most that many rows, where their size is not
    /// the user's choice. Returns how many they are to hold.
    virtual std::uint64_t aim(std::uint64_t most_rows) = 0;

    /// How many rows each range of an earlier answer turned out to hold (the larger side).
    virtual void learn(std::uint64_t ranges, std::uint64_t rows) = 0;
};

/// Rows that a range of the first level should hold: a thousandth of the table, within limits.
/// Each of a few scattered changes costs the fingerprinting of its range once more, so that a small
/// table wants small ranges. Measured on 2 M rows of 120 bytes, 64 ranges a statement: ranges of
/// 500, 1,000 and 2,000 rows cost 2.5 to 2.8 s alike; 250 rows 3.0 s.
std::uint64_t target_rows(std::uint64_t estimated_rows);

/// A range is split into parts of about this many rows when it differs: few enough to be listed
/// row by row, enough that the parts' fingerprints weigh less than that list.
inline constexpr std::uint64_t k_part_rows = 64;

/// Ranges asked for in one statement: enough that a link of 40 ms there and back costs a fraction
/// of the hashing (128,000 rows take some 110 ms), few enough for a statement of some 100 KiB.
inline constexpr std::size_t k_ranges_per_statement = 128;

std::unique_ptr<Planner> make_planner(const TablePair& pair, const TableBounds& bounds);

/// Ranges of consecutive ids. The step follows the density of rows; gaps are jumped over.
class IntegerPlanner : public Planner
{
public:
    IntegerPlanner(const TablePair& pair, const TableBounds& bounds);
    std::vector<Range> next(db::Session& upstream, db::Session& downstream,
                            std::size_t count) override;
    bool finished() const override { return m_started && m_next >= m_end; }
    std::uint64_t aim(std::uint64_t most_rows) override;
    void learn(std::uint64_t ranges, std::uint64_t rows) override;

private:
    void jump_over_gap(db::Session& upstream, db::Session& downstream);

    const TablePair& m_pair;
    const std::optional<Bound> m_first_bound; ///< of the first range
    const std::optional<Bound> m_last;        ///< where the scan ends; absent: nowhere
    const Integer m_end;                      ///< one past the last id
    Integer m_next;                           ///< the first id of the next range
    Integer m_step;
    const std::uint64_t m_wanted; ///< rows in a range
    std::uint64_t m_target;       ///< the same, or less where rows take long
    bool m_adapts;                ///< false for a classic zoom list: blocks of a fixed size
    bool m_started = false;
    bool m_gap = false; ///< the last learned ranges were all empty
};

/// Ranges between keys that were sampled from upstream's index; each range knows the keys inside it
/// at which it can be split.
class SamplingPlanner : public Planner
{
public:
    SamplingPlanner(const TablePair& pair, const TableBounds& bounds);
    std::vector<Range> next(db::Session& upstream, db::Session& downstream,
                            std::size_t count) override;
    bool finished() const override { return m_finished; }
    std::uint64_t aim(std::uint64_t most_rows) override;
    void learn(std::uint64_t ranges, std::uint64_t rows) override;

private:
    const TablePair& m_pair;
    const std::optional<Bound> m_end; ///< where the scan ends; absent: nowhere
    std::optional<Bound> m_next;
    const std::uint64_t m_wanted; ///< rows in a range
    std::uint64_t m_sampling;     ///< one key in this many is sampled
    std::size_t m_samples_per_range;
    bool m_finished = false;
};

} // namespace slicetool::sync
