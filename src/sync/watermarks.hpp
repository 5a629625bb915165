#pragma once

#include <optional>
#include <string>

namespace slicetool::sync {

/// What lite steps remember between runs: up to which timestamp a table has been looked at. The
/// values are upstream's text of the column, in UTC for TIMESTAMP. For one thread at a time.
class Watermarks
{
public:
    Watermarks() = default;
    Watermarks(const Watermarks&) = delete;
    Watermarks& operator=(const Watermarks&) = delete;
    virtual ~Watermarks() = default;

    virtual std::optional<std::string> of(const std::string& table, const std::string& column) = 0;
    virtual void remember(const std::string& table, const std::string& column,
                          const std::string& value) = 0;
};

} // namespace slicetool::sync
