#include "report/live_layout.hpp"

#include "report/text.hpp"

#include <algorithm>
#include <array>

namespace slicetool::report {

namespace {

enum Cell : std::size_t { name, phase, percent, rows, rate, eta, found, copied, deleted, cells };

/// The widest content of each cell, by the formats in report/text.hpp.
constexpr std::array<std::size_t, cells> k_widths{0, 8, 3, 5, 7, 10, 11, 12, 13};
constexpr std::array k_droppable{deleted, percent, rate, eta, copied, found, rows};

constexpr std::size_t k_gap = 2;
constexpr std::string_view k_rows_word = " rows";

/// With fewer columns a name is hard to tell from others; rather than that, a column goes.
constexpr std::size_t k_min_name = 14;

struct Layout
{
    std::array<bool, cells> shown{};
    bool rows_word = true;
    std::size_t name_width = 0;

    std::size_t beside_name() const
    {
        std::size_t sum = rows_word ? k_rows_word.size() : 0;
        for (std::size_t cell = phase; cell < cells; ++cell)
            sum += shown.at(cell) ? k_gap + k_widths.at(cell) : 0;
        return sum;
    }
};

using Rows = std::vector<std::vector<std::string>>;

/// What never happened (no row found, none copied) takes no room.
Layout with_used_cells(const Rows& lines)
{
    Layout layout;
    for (std::size_t cell = name; cell < cells; ++cell) {
        layout.shown.at(cell) =
            cell <= eta || std::any_of(lines.begin(), lines.end(),
                                       [cell](const auto& line) { return !line.at(cell).empty(); });
    }
    return layout;
}

Layout fitting(const Rows& lines, std::size_t width)
{
    Layout layout = with_used_cells(lines);
    std::size_t longest = 0;
    for (const auto& line : lines)
        longest = std::max(longest, display_width(line.at(name)));
    const std::size_t wanted = std::min(longest, k_min_name);
    if (longest + layout.beside_name() > width)
        layout.rows_word = false;
    for (const Cell cell : k_droppable) {
        if (wanted + layout.beside_name() <= width)
            break;
        layout.shown.at(cell) = false;
    }
    const std::size_t beside = layout.beside_name();
    layout.name_width = std::min(longest, width > beside ? width - beside : 0);
    return layout;
}

std::string cell_text(const std::vector<std::string>& line, std::size_t cell, const Layout& layout)
{
    const bool number = cell == percent || cell == rows || cell == rate;
    std::string text = number ? pad_left(line.at(cell), k_widths.at(cell))
                              : pad_right(line.at(cell), k_widths.at(cell));
    if (cell == rows && layout.rows_word)
        text += k_rows_word;
    return text;
}

std::string line_text(const std::vector<std::string>& line, const Layout& layout, bool utf8)
{
    std::string text =
        pad_right(fitted(line.at(name), layout.name_width, !utf8), layout.name_width);
    for (std::size_t cell = phase; cell < cells; ++cell) {
        if (layout.shown.at(cell))
            text += std::string(k_gap, ' ') + cell_text(line, cell, layout);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

} // namespace

std::vector<std::string> lay_out_live_lines(const Rows& lines, std::size_t width, bool utf8)
{
    const Layout layout = fitting(lines, width);
    std::vector<std::string> result;
    result.reserve(lines.size());
    for (const auto& line : lines)
        result.push_back(fitted(line_text(line, layout, utf8), width, !utf8));
    return result;
}

} // namespace slicetool::report
