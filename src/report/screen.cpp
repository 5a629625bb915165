#include "report/screen.hpp"

#include "report/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace slicetool::report {

// ECMA-48: cursor up, erase to the end of the line, erase to the end of the screen. Live lines end
// in a newline, so between paints the cursor stands at the start of the line below them.
namespace {

constexpr std::string_view k_erase_line = "\x1b[K";
constexpr std::string_view k_erase_below = "\x1b[J";

std::string up(std::size_t lines)
{
    return lines == 0 ? "" : fmt::format("\x1b[{}A", lines);
}

/// Screen lines that `lines` take on a terminal of this width; a window made narrower has wrapped
/// them.
std::size_t height(const std::vector<std::string>& lines, std::size_t columns)
{
    std::size_t result = 0;
    for (const auto& line : lines)
        result += std::max<std::size_t>(1, (display_width(line) + columns - 1) / columns);
    return result;
}

} // namespace

Screen::Screen(std::unique_ptr<Output> out, std::unique_ptr<Output> err, bool shared_terminal)
    : m_out(std::move(out)), m_err(std::move(err)), m_shared_terminal(shared_terminal)
{
}

std::shared_ptr<Screen> Screen::of_process()
{
    const bool shared = ::isatty(STDOUT_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
    return std::make_shared<Screen>(
        std::make_unique<FdOutput>(STDOUT_FILENO, "the report to standard output",
                                   WriteErrors::fatal),
        std::make_unique<FdOutput>(STDERR_FILENO, "standard error", WriteErrors::ignored), shared);
}

std::string Screen::erasing() const
{
    if (m_shown.empty())
        return "";
    return up(height(m_shown, m_columns)) + "\r" + std::string(k_erase_below);
}

void Screen::forget()
{
    m_shown.clear();
}

void Screen::paint(const std::vector<std::string>& lines, std::size_t columns)
{
    const std::scoped_lock lock(m_mutex);
    const bool narrowed = columns < m_columns;
    m_columns = std::max<std::size_t>(columns, 1);
    if (lines == m_shown && !narrowed)
        return;
    const std::size_t height_before = height(m_shown, m_columns);
    std::string text = narrowed ? erasing() : up(height_before);
    for (const auto& line : lines)
        text += fmt::format("\r{}{}\n", line, k_erase_line);
    if (lines.size() < height_before && !narrowed)
        text += k_erase_below;
    m_err->write(text);
    m_shown = lines;
}

void Screen::erase()
{
    const std::scoped_lock lock(m_mutex);
    m_err->write(erasing());
    forget();
}

void Screen::print_out(std::string_view text)
{
    const std::scoped_lock lock(m_mutex);
    if (m_shared_terminal && !m_shown.empty()) {
        m_err->write(erasing());
        forget();
    }
    m_out->write(text);
}

void Screen::print_err(std::string_view text)
{
    const std::scoped_lock lock(m_mutex);
    m_err->write(erasing() + std::string(text));
    forget();
}

} // namespace slicetool::report
