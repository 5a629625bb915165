#pragma once

#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// Up to which time the changes of a table are known downstream.
struct Watermark
{
    std::string column; ///< by which the changes were found
    /// A digest of what that rests on (sync/lite_watermark): it says nothing of other rows or
    /// values. Empty, with no `until`: the table was written, or taken back, by somebody.
    std::string terms;
    bool is_copied = true; ///< downstream has upstream's values of the column
    /// Upstream's text of the column, in UTC for TIMESTAMP; empty: nothing is known.
    std::optional<std::string> until;
};

/// What runs remember of a downstream database's tables. For one thread at a time.
class Watermarks
{
public:
    Watermarks() = default;
    Watermarks(const Watermarks&) = delete;
    Watermarks& operator=(const Watermarks&) = delete;
    virtual ~Watermarks() = default;

    virtual std::vector<Watermark> of(const std::string& table) = 0;

    /// In place of the one with the same column and terms. It is on disk when this returns.
    virtual void put(const std::string& table, const Watermark& mark) = 0;
};

} // namespace slicetool::sync
