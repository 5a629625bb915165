#include "config/problems.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <tuple>

namespace slicetool::config {

namespace {

/// More than this many sentences help nobody; the rest is only counted.
constexpr std::size_t k_max_told = 50;

/// A longer list of candidates is not worth reading in an error.
constexpr std::size_t k_max_candidates = 20;

/// Comparing a name with more than these takes longer than the hint is worth.
constexpr std::size_t k_max_compared = 1000;

/// Bounds the memory that a hostile file can take; far more than is told.
constexpr std::size_t k_max_kept = 1000;

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string_view separator = i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
        text += fmt::format("{}{}", separator, in_quotes(names[i]));
    }
    return text;
}

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

} // namespace

std::string Position::text() const
{
    return fmt::format("{}:{}:{}", file, line, column);
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates)
{
    // Distances to huge names cost time and can never be small.
    if (name.size() <= 100 && candidates.size() <= k_max_compared) {
        if (const auto near = base::nearest(name, candidates))
            return fmt::format("; did you mean {}?", in_quotes(*near));
    }
    if (candidates.empty() || candidates.size() > k_max_candidates)
        return ".";
    return fmt::format("; expected {}.", listed(candidates));
}

std::string in_quotes(std::string_view text)
{
    constexpr std::size_t k_max_shown = 60;
    std::size_t size = std::min(text.size(), k_max_shown);
    while (size < text.size() && size > 0 && is_continuation(text[size]))
        --size;
    std::string shown(text.substr(0, size));
    std::replace_if(
        shown.begin(), shown.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return fmt::format("'{}{}'", shown, size < text.size() ? "…" : "");
}

void Problems::add(Position position, std::string sentence)
{
    ++m_count;
    if (m_problems.size() < k_max_kept)
        m_problems.push_back({std::move(position), std::move(sentence)});
}

void Problems::throw_if_any() const
{
    if (m_problems.empty())
        return;
    auto sorted = m_problems;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.position.file, a.position.line, a.position.column) <
               std::tie(b.position.file, b.position.line, b.position.column);
    });
    std::vector<std::string> lines;
    std::set<std::string> seen;
    for (const auto& [position, sentence] : sorted) {
        std::string line = fmt::format("{}: {}", position.text(), sentence);
        if (seen.insert(line).second)
            lines.push_back(std::move(line));
    }
    const std::size_t count = lines.size() + (m_count - m_problems.size());
    lines.resize(std::min(lines.size(), k_max_told));
    if (count > k_max_told)
        lines.push_back(fmt::format("… and {} more.", count - k_max_told));
    throw base::UsageError(base::join(lines, "\n"));
}

} // namespace slicetool::config
