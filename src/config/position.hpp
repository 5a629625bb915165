#pragma once

#include <cstddef>
#include <string>

namespace slicetool::config {

/// Where something stands in a file; lines and columns count from 1, columns in bytes.
struct Position
{
    std::string file;
    std::size_t line = 0;
    std::size_t column = 0;

    /// "file:line:column"
    std::string text() const;
};

} // namespace slicetool::config
