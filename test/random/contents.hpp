#pragma once

#include "db/session.hpp"
#include "random/model.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The comparison that the search believes: every column of every row in hexadecimal, read by
/// statements that share nothing with the program's own encoding and digests.
namespace slicetool::search {

struct RowImage
{
    std::string key; ///< of the identifying key; empty without one
    std::string row;

    bool operator<(const RowImage& other) const
    {
        return key != other.key ? key < other.key : row < other.row;
    }
    bool operator==(const RowImage& other) const { return key == other.key && row == other.row; }
};

/// In the order of their bytes.
using Contents = std::vector<RowImage>;

/// Reads these columns of one side of a table. Numbers are compared to the last bit, text by its
/// bytes. Where MariaDB takes part −0 counts as 0: it never tells the two apart.
Contents read_contents(db::Session& session, const Case& of, const Table& table, Side side,
                       const std::vector<std::size_t>& columns, const std::string& where);

struct Counts
{
    std::uint64_t missing = 0;
    std::uint64_t extra = 0;
    std::uint64_t changed = 0;

    std::uint64_t all() const { return missing + extra + changed; }
};

/// What downstream lacks, has too many and has otherwise. Without a key nothing is changed: a row
/// is missing, or extra.
Counts compare(const Contents& up, const Contents& down);

/// The first differing row of either side, for messages.
std::string first_difference(const Contents& up, const Contents& down);

} // namespace slicetool::search
