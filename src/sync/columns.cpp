#include "sync/columns.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

using hash::Form;
using sql::Column;
using sql::TypeKind;

bool contains(const std::vector<std::string>& names, const std::string& name)
{
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& other) { return base::equal_ignoring_case(other, name); });
}

/// Types whose stored bytes are text or may be compared as such.
bool is_text(TypeKind kind)
{
    return kind == TypeKind::character || kind == TypeKind::text;
}

bool is_binary(TypeKind kind)
{
    return kind == TypeKind::binary || kind == TypeKind::blob;
}

std::string unlike(const Column& up, const Column& down, std::string_view why)
{
    return fmt::format("column {} is {} upstream and {} downstream: {}", up.name, up.column_type,
                       down.column_type, why);
}

/// A sentence's part about why values of `up` cannot be held by `down` exactly, or empty.
std::string problem_of_numbers(const Column& up, const Column& down)
{
    static const std::vector<std::string> k_integers{"tinyint", "smallint", "mediumint", "int",
                                                     "bigint"};
    if (up.kind == TypeKind::integer) {
        const auto width = [](const Column& column) {
            return std::find(k_integers.begin(), k_integers.end(), column.data_type) -
                   k_integers.begin();
        };
        const bool fits = up.is_unsigned == down.is_unsigned
                              ? width(up) <= width(down)
                              : up.is_unsigned && width(up) < width(down);
        return fits ? "" : "it cannot hold every value";
    }
    if (up.kind == TypeKind::decimal && up.scale != down.scale)
        return "the digits after the point differ in number";
    if (up.kind == TypeKind::decimal && up.precision.value_or(0) > down.precision.value_or(0))
        return "it cannot hold every value";
    const bool real = up.kind == TypeKind::float32 || up.kind == TypeKind::float64;
    if (real && (up.scale != down.scale || up.zerofill != down.zerofill ||
                 (up.zerofill && up.precision != down.precision)))
        return "their values are rounded or padded differently";
    const bool filled = up.zerofill || down.zerofill;
    if (up.kind == TypeKind::decimal && filled &&
        (up.zerofill != down.zerofill || up.precision != down.precision))
        return "ZEROFILL pads the values differently";
    if (up.kind == TypeKind::bit && up.length.value_or(1) > down.length.value_or(1))
        return "it cannot hold every value";
    return "";
}

std::string problem_of_times(const Column& up, const Column& down)
{
    const bool has_fraction = up.kind == TypeKind::time || up.kind == TypeKind::datetime ||
                              up.kind == TypeKind::timestamp;
    if (has_fraction && up.precision.value_or(0) != down.precision.value_or(0))
        return "the digits of the fraction of a second differ in number";
    return "";
}

/// ENUM and SET: numbers mean the same when upstream's elements begin downstream's.
bool same_numbers(const Column& up, const Column& down)
{
    return up.elements.size() <= down.elements.size() &&
           std::equal(up.elements.begin(), up.elements.end(), down.elements.begin());
}

/// True when the elements that both have stand in the same order: then SET values print alike.
bool same_relative_order(const Column& up, const Column& down)
{
    auto from = down.elements.begin();
    return std::all_of(up.elements.begin(), up.elements.end(), [&](const std::string& element) {
        from = std::find(from, down.elements.end(), element);
        return from != down.elements.end();
    });
}

/// Whether an element may be another one than its definition says: servers print definitions in
/// utf8mb3, with a question mark for each character that it lacks, and MariaDB so for bytes too.
bool has_unprinted_element(const Column& up, const Column& down)
{
    static const std::vector<std::string> k_wide{"utf8mb4", "utf16",   "utf16le",
                                                 "utf32",   "gb18030", "binary"};
    const auto has_mark = [](const Column& column) {
        return std::any_of(
            column.elements.begin(), column.elements.end(),
            [](const std::string& element) { return element.find('?') != std::string::npos; });
    };
    return (contains(k_wide, up.charset) || contains(k_wide, down.charset)) &&
           (has_mark(up) || has_mark(down));
}

std::string problem_of_labels(const Column& up, const Column& down)
{
    if (up.charset == "binary" || down.charset == "binary")
        return "its elements are bytes, which cannot be compared as text";
    if (contains(up.elements, "") || contains(down.elements, ""))
        return "an element is the empty text, which cannot be told from the value 0";
    for (const auto& element : up.elements) {
        if (std::find(down.elements.begin(), down.elements.end(), element) == down.elements.end())
            return fmt::format("downstream has no element '{}'", element);
    }
    if (up.kind == TypeKind::set && !same_relative_order(up, down))
        return "the elements stand in another order";
    return "";
}

/// Shapes: why downstream's column takes fewer kinds or other reference systems, or empty.
std::string problem_of_shapes(const Column& up, const Column& down)
{
    const auto kind = [](const Column& column) {
        return column.data_type == "geometrycollection" ? std::string("geomcollection")
                                                        : column.data_type;
    };
    if (down.data_type != "geometry" && kind(up) != kind(down))
        return "it takes shapes of one kind only";
    if (down.srid && up.srid != down.srid)
        return fmt::format("it takes shapes with SRID {} only", *down.srid);
    return "";
}

bool is_declared_in_characters(const Column& column)
{
    return column.kind == TypeKind::character || column.kind == TypeKind::binary;
}

/// Text or bytes: why the longest values, or padded ones, would not come out as they went in.
std::string problem_of_strings(const Column& up, const Column& down)
{
    const bool pads = down.data_type == "binary" || down.data_type == "char";
    if (pads && up.data_type != down.data_type)
        return "a fixed-length column pads or strips what it stores";
    if (up.data_type == "binary" && down.data_type == "binary" && up.length != down.length)
        return "fixed-length values are padded to another length";
    // CHAR(n) and VARCHAR(n) count characters, TEXT and BLOB bytes; a TEXT may hold as many
    // characters as bytes.
    const auto most = is_declared_in_characters(up) && is_declared_in_characters(down)
                          ? up.length
                          : up.octet_length;
    const auto room = is_declared_in_characters(down) ? down.length : down.octet_length;
    return most.value_or(0) > room.value_or(0) ? "it cannot hold every value" : "";
}

/// Text whose bytes mean other characters on the other side.
bool is_converted(const Column& up, const Column& down)
{
    return is_text(up.kind) && is_text(down.kind) && !same_bytes(up.charset, down.charset);
}

/// The same bytes on both sides, if downstream can hold them: utf8mb3 has no emoji.
bool is_narrowed(const Column& up, const Column& down)
{
    return is_text(up.kind) && is_text(down.kind) && up.charset == "utf8mb4" &&
           (down.charset == "utf8mb3" || down.charset == "utf8");
}

/// Decides the form of a pair, or says in `problem` why there is none.
Form form_of_pair(const Column& up, const Column& down, std::vector<std::string>& notes,
                  std::string& problem)
{
    const Form natural = hash::natural_form(up);
    if ((is_text(up.kind) && is_text(down.kind)) || (is_binary(up.kind) && is_binary(down.kind))) {
        problem = problem_of_strings(up, down);
        const bool is_long = hash::natural_form(up) == Form::long_bytes ||
                             hash::natural_form(down) == Form::long_bytes;
        if (is_converted(up, down))
            return is_long ? Form::long_text : Form::text;
        return is_long ? Form::long_bytes : Form::bytes;
    }
    if (up.kind == TypeKind::json && down.kind == TypeKind::text) {
        if (!same_bytes("utf8mb4", down.charset))
            problem = "JSON needs utf8mb4 there";
        return Form::json; // MySQL's text of the value, stored as it is
    }
    if (up.kind == TypeKind::text && down.kind == TypeKind::json) {
        problem = "MySQL rewrites JSON when it stores it, so the copy could not be proven equal; "
                  "make it LONGTEXT";
        return natural;
    }
    if (up.kind != down.kind) {
        problem = "the types are too different to compare";
        return natural;
    }
    if (up.kind == TypeKind::enumeration || up.kind == TypeKind::set) {
        const bool unprinted = has_unprinted_element(up, down);
        if (same_numbers(up, down) && !unprinted)
            return Form::number;
        problem = problem_of_labels(up, down);
        notes.push_back(fmt::format(
            "Column {} is compared as text, since {}.", up.name,
            unprinted ? "servers print a character beyond U+FFFF in its elements as \"?\""
                      : "its elements are defined in another order"));
        return Form::text;
    }
    problem = problem_of_numbers(up, down);
    if (problem.empty())
        problem = problem_of_times(up, down);
    if (problem.empty() && up.kind == TypeKind::geometry)
        problem = problem_of_shapes(up, down);
    const bool filled = natural == Form::number || hash::natural_form(down) == Form::number;
    return filled ? Form::number : natural;
}

void add_converted(const Column& up, const Column& down, MatchedColumns& matched)
{
    matched.converted.push_back({up.name, up.charset, down.name, down.charset});
    matched.notes.push_back(fmt::format(
        "Column {} is {} upstream and {} downstream: compared as utf8mb4, after a proof "
        "that every value converts without loss.",
        up.name, up.charset, down.charset));
}

/// Of a masked column upstream's own type does not matter: its values are not read.
void add_masked_pair(const Mask& mask, const Column& up, sql::Family family,
                     const sql::Table& downstream, MatchedColumns& matched,
                     std::vector<std::string>& problems)
{
    const Column* down = downstream.find_column(up.name);
    if (down == nullptr)
        return; // mask_problems tells it
    try {
        MaskedValue value = plan_mask(mask, up, family, *down, downstream.family);
        matched.pairs.push_back({&up, down, value.form, std::move(value)});
    } catch (const base::Refusal& why) {
        problems.emplace_back(why.what());
    }
}

/// Upstream's other columns, or a sentence's part for each that stands in the way.
void add_pair(const Column& up, sql::Family family, const sql::Table& downstream,
              MatchedColumns& matched, std::vector<std::string>& problems)
{
    const Column* down = downstream.find_column(up.name);
    if (down == nullptr) {
        problems.push_back(fmt::format("column {} is missing downstream", up.name));
        return;
    }
    if (down->generated != sql::Generated::no) {
        problems.push_back(fmt::format("column {} is generated downstream only", up.name));
        return;
    }
    std::string problem;
    Form form = form_of_pair(up, *down, matched.notes, problem);
    if (family != downstream.family && form == Form::exact_real)
        form = Form::neutral_real;
    if (family != downstream.family && form == Form::exact_float)
        form = Form::neutral_float;
    if (!problem.empty())
        problems.push_back(unlike(up, *down, problem));
    if (is_converted(up, *down) || is_narrowed(up, *down))
        add_converted(up, *down, matched);
    matched.pairs.push_back({&up, down, form, std::nullopt});
}

} // namespace

bool is_stored(const Column& column)
{
    return column.generated == sql::Generated::no && !column.system_row_bound;
}

hash::EncodedColumn encoded(const Column& column, Form form)
{
    return {column.name,
            form,
            column.nullable,
            hash::longest_value(column, form),
            form == Form::bytes && column.data_type.starts_with("tiny"),
            ""};
}

bool same_bytes(const std::string& charset, const std::string& other)
{
    const auto canonical = [](const std::string& name) {
        return name == "utf8" || name == "utf8mb3" ? std::string("utf8mb4") : name;
    };
    return canonical(charset) == canonical(other);
}

MatchedColumns match_columns(const sql::Table& upstream, const sql::Table& downstream,
                             const std::vector<std::string>& excluded,
                             const std::vector<Mask>& masks)
{
    MatchedColumns matched;
    std::vector<std::string> problems;
    std::vector<std::string> problems_of_masks =
        mask_problems(masks, upstream, downstream, excluded);
    for (const auto& name : excluded) {
        if (upstream.find_column(name) == nullptr && downstream.find_column(name) == nullptr)
            problems.push_back(fmt::format("the excluded column {} exists on neither side", name));
    }
    for (const Column& up : upstream.columns) {
        if (!is_stored(up) || contains(excluded, up.name))
            continue;
        if (const Mask* mask = find_mask(masks, up.name))
            add_masked_pair(*mask, up, upstream.family, downstream, matched, problems_of_masks);
        else
            add_pair(up, upstream.family, downstream, matched, problems);
    }
    for (const Column& down : downstream.columns) {
        if (!is_stored(down))
            continue;
        const Column* up = upstream.find_column(down.name);
        if (contains(excluded, down.name))
            matched.carried.push_back(down.name);
        else if (up == nullptr)
            problems.push_back(fmt::format("column {} exists downstream only", down.name));
        else if (!is_stored(*up))
            problems.push_back(fmt::format("column {} is generated upstream only", down.name));
    }
    if (!problems_of_masks.empty())
        throw base::Refusal(
            fmt::format("Table {}: {}.", upstream.name, base::join(problems_of_masks, "; ")));
    if (!problems.empty())
        throw base::Refusal(fmt::format("The definitions of {} differ: {}. Run pull_schema "
                                        "--alter, or leave columns out with columns: "
                                        "{{exclude: […]}}.",
                                        upstream.name, base::join(problems, "; ")));
    return matched;
}

} // namespace slicetool::sync
