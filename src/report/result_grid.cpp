#include "report/result_grid.hpp"

#include "base/units.hpp"
#include "report/text.hpp"
#include "report/words.hpp"

#include <algorithm>
#include <functional>

namespace slicetool::report {

namespace {

constexpr std::string_view k_name_header = "table";
constexpr std::string_view k_result_header = "result";
constexpr std::string_view k_unfinished = "UNFINISHED";

enum class Need { always, if_wide };

struct Column
{
    std::string top; ///< first header line
    std::string bottom;
    Need need;
    std::function<std::string(const TableResult&)> cell;
};

Column count_column(std::string header, std::uint64_t TableResult::*count)
{
    return {"", std::move(header), Need::always,
            [count](const TableResult& r) { return base::format_count(r.*count); }};
}

Column read_column(std::string side, std::uint64_t TableResult::*bytes)
{
    return {"read", std::move(side), Need::if_wide,
            [bytes](const TableResult& r) { return compact_bytes(r.*bytes); }};
}

std::vector<Column> columns_of(GridKind kind)
{
    std::vector<Column> columns{count_column("rows", &TableResult::rows)};
    if (kind == GridKind::written) {
        columns.push_back({"", "differ", Need::always,
                           [](const TableResult& r) { return base::format_count(r.differing()); }});
        columns.push_back(count_column("copied", &TableResult::copied));
        columns.push_back(count_column("deleted", &TableResult::deleted));
    } else {
        columns.push_back(count_column("missing", &TableResult::missing));
        columns.push_back(count_column("extra", &TableResult::extra));
        columns.push_back(count_column("changed", &TableResult::changed));
    }
    columns.push_back(read_column("up", &TableResult::bytes_upstream));
    columns.push_back(read_column("down", &TableResult::bytes_downstream));
    columns.push_back({"", "seconds", Need::always,
                       [](const TableResult& r) { return format_seconds(r.elapsed.count()); }});
    return columns;
}

/// A zero of a table that was not looked at to its end means nothing.
bool zeros_mean_nothing(const Record::Entry& entry)
{
    return !entry.result || entry.result->outcome == Outcome::skipped ||
           entry.result->outcome == Outcome::refused || entry.result->outcome == Outcome::failed;
}

std::string cell_text(const Record::Entry& entry, const Column& column)
{
    std::string text = column.cell(entry.result.value_or(TableResult{}));
    return zeros_mean_nothing(entry) && (text == "0" || text == "0.00") ? "-" : text;
}

struct Layout
{
    std::vector<Column> columns;
    std::vector<std::size_t> widths;
    std::size_t name_width = 0;
    std::size_t gap = 2;
    std::size_t result_width = 0;

    std::size_t beside_name() const
    {
        std::size_t sum = gap + result_width;
        for (const std::size_t width : widths)
            sum += gap + width;
        return sum;
    }
};

void measure(Layout& layout, const Record& record)
{
    layout.widths.clear();
    for (const Column& column : layout.columns) {
        std::size_t width = std::max(column.top.size(), column.bottom.size());
        for (const auto& entry : record.tables())
            width = std::max(width, cell_text(entry, column).size());
        layout.widths.push_back(width);
    }
}

std::string result_of(const Record::Entry& entry)
{
    return std::string(entry.result ? headline(entry.result->outcome) : k_unfinished);
}

/// Chooses the gaps, the columns and the width of the names.
Layout fitting(const Record& record, GridKind kind, std::size_t width)
{
    Layout layout;
    layout.columns = columns_of(kind);
    layout.result_width = k_result_header.size();
    std::size_t longest = k_name_header.size();
    for (const auto& entry : record.tables()) {
        longest = std::max(longest, display_width(printable(entry.table)));
        layout.result_width = std::max(layout.result_width, result_of(entry).size());
    }
    measure(layout, record);
    if (longest + layout.beside_name() > width)
        layout.gap = 1;
    if (width < 80 && k_name_header.size() + layout.beside_name() > width) {
        std::erase_if(layout.columns, [](const Column& c) { return c.need == Need::if_wide; });
        measure(layout, record);
    }
    const std::size_t beside = layout.beside_name();
    const std::size_t room = width > beside ? width - beside : 0;
    layout.name_width = std::min(longest, std::max(k_name_header.size(), room));
    return layout;
}

std::vector<std::string> header_lines(const Layout& layout)
{
    const std::string gap(layout.gap, ' ');
    std::string top(layout.name_width, ' ');
    std::string bottom = pad_right(std::string(k_name_header), layout.name_width);
    for (std::size_t i = 0; i < layout.columns.size(); ++i) {
        top += gap + pad_left(layout.columns[i].top, layout.widths[i]);
        bottom += gap + pad_left(layout.columns[i].bottom, layout.widths[i]);
    }
    top.erase(top.find_last_not_of(' ') + 1);
    bottom += gap + std::string(k_result_header);
    if (top.empty())
        return {bottom};
    return {top, bottom};
}

GridRow row_of(const Record::Entry& entry, const Layout& layout)
{
    const std::string gap(layout.gap, ' ');
    GridRow row;
    std::string line = printable(entry.table);
    if (display_width(line) > layout.name_width) {
        row.lines.push_back(line);
        line.clear();
    }
    line = pad_right(line, layout.name_width);
    for (std::size_t i = 0; i < layout.columns.size(); ++i)
        line += gap + pad_left(cell_text(entry, layout.columns[i]), layout.widths[i]);
    row.lines.push_back(line + gap);
    row.result = result_of(entry);
    return row;
}

} // namespace

Grid lay_out_results(const Record& record, GridKind kind, std::size_t width)
{
    const Layout layout = fitting(record, kind, width);
    Grid grid;
    grid.header = header_lines(layout);
    for (const auto& entry : record.tables())
        grid.rows.push_back(row_of(entry, layout));
    return grid;
}

} // namespace slicetool::report
