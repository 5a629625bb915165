#pragma once

#include "config/position.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace slicetool::config {

/// "; did you mean 'x'?" when a candidate is near, else "; expected 'a', 'b' or 'c'.", else ".":
/// the end of a sentence about a name that is not known.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

/// Foreign text made fit for a message: quoted, control characters replaced, cut after 60 bytes.
std::string in_quotes(std::string_view text);

template<class T>
std::vector<std::string> names_of(const std::map<std::string, T>& map)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : map)
        names.push_back(name);
    return names;
}

/// Everything wrong with a config, told at once; the same thing only once.
class Problems
{
public:
    /// `sentence` ends with its full stop or question mark.
    void add(Position position, std::string sentence);

    /// Throws UsageError with one "file:line:column: sentence" a line, file by file in their order,
    /// when any was added.
    void throw_if_any() const;

private:
    struct Problem
    {
        Position position;
        std::string sentence;
    };

    std::vector<Problem> m_problems;
    std::size_t m_count = 0;
};

} // namespace slicetool::config
