#include "sql/schema_diff_columns.hpp"

#include "base/text.hpp"
#include "sql/quote.hpp"
#include "sql/schema_diff_normal.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sql {

namespace {

/// What of two definitions differs, in words.
struct Aspects
{
    std::vector<std::string> words;
    DriftEffect effect = DriftEffect::harmless;
};

std::string sorted_attributes(const Column& column)
{
    auto attributes = column.other_attributes;
    std::sort(attributes.begin(), attributes.end());
    return base::join(attributes, " ");
}

std::string normal_optional(const std::optional<std::string>& expression)
{
    return expression ? normal_expression(*expression) : "";
}

Aspects differing_aspects(const Column& wanted, const Column& found)
{
    Aspects aspects;
    const auto note = [&](bool differs, const char* word, DriftEffect effect) {
        if (!differs)
            return;
        aspects.words.emplace_back(word);
        if (effect == DriftEffect::data)
            aspects.effect = effect;
    };
    note(wanted.name != found.name, "spelling", DriftEffect::harmless);
    note(normal_type(wanted) != normal_type(found), "type", DriftEffect::data);
    note(normal_collation(wanted.collation) != normal_collation(found.collation), "collation",
         DriftEffect::data);
    note(wanted.nullable != found.nullable, "nullability", DriftEffect::data);
    note(wanted.generated != found.generated || normal_expression(wanted.generation_expression) !=
                                                    normal_expression(found.generation_expression),
         "generation",
         wanted.generated != found.generated ? DriftEffect::data : DriftEffect::harmless);
    note(wanted.srid != found.srid, "SRID", DriftEffect::data);
    note(wanted.system_row_bound != found.system_row_bound, "row bound", DriftEffect::data);
    note(normal_default(wanted) != normal_default(found) && wanted.nullable == found.nullable,
         "default", DriftEffect::harmless);
    note(normal_optional(wanted.on_update_sql) != normal_optional(found.on_update_sql), "ON UPDATE",
         DriftEffect::harmless);
    note(wanted.auto_increment != found.auto_increment, "AUTO_INCREMENT", DriftEffect::harmless);
    note(wanted.invisible != found.invisible, "visibility", DriftEffect::harmless);
    note(wanted.without_system_versioning != found.without_system_versioning, "system versioning",
         DriftEffect::harmless);
    note(wanted.comment != found.comment, "comment", DriftEffect::harmless);
    note(sorted_attributes(wanted) != sorted_attributes(found), "attributes",
         DriftEffect::harmless);
    return aspects;
}

/// Servers change a generated column's nature only by making it anew.
bool must_be_made_anew(const Column& wanted, const Column& found)
{
    const bool virtual_involved = wanted.generated == Generated::virtual_column ||
                                  found.generated == Generated::virtual_column;
    return wanted.generated != found.generated &&
           (virtual_involved || wanted.generated != Generated::no);
}

/// The positions in `order` of a longest increasing subsequence: the columns that may stay where
/// they are.
std::set<std::size_t> longest_rising(const std::vector<std::size_t>& order)
{
    std::vector<std::size_t> length(order.size(), 1);
    std::vector<std::size_t> before(order.size(), order.size());
    for (std::size_t at = 0; at < order.size(); ++at) {
        for (std::size_t earlier = 0; earlier < at; ++earlier) {
            if (order[earlier] < order[at] && length[earlier] + 1 > length[at]) {
                length[at] = length[earlier] + 1;
                before[at] = earlier;
            }
        }
    }
    std::set<std::size_t> kept;
    const auto best = std::max_element(length.begin(), length.end());
    auto at = static_cast<std::size_t>(best - length.begin());
    while (at < order.size()) {
        kept.insert(at);
        at = before[at];
    }
    return kept;
}

class ColumnDiff
{
public:
    ColumnDiff(const Table& wanted, const Table& found) : m_wanted(wanted), m_found(found) {}

    ColumnDrifts run()
    {
        find_anew();
        find_moved();
        find_check_drift();
        for (std::size_t at = 0; at < m_wanted.columns.size(); ++at)
            compare(at);
        for (const auto& column : m_found.columns)
            if (m_wanted.find_column(column.name) == nullptr)
                extra(column);
        return std::move(m_result);
    }

private:
    bool is_anew(const std::string& name) const
    {
        return m_result.made_anew.count(base::ascii_lower(name)) != 0;
    }

    void find_anew()
    {
        for (const auto& column : m_wanted.columns) {
            const Column* other = m_found.find_column(column.name);
            if (other != nullptr && must_be_made_anew(column, *other))
                m_result.made_anew.insert(base::ascii_lower(column.name));
        }
    }

    std::size_t found_position(const std::string& name) const
    {
        const Column* column = m_found.find_column(name);
        return column == nullptr ? m_found.columns.size()
                                 : static_cast<std::size_t>(column - m_found.columns.data());
    }

    void find_moved()
    {
        std::vector<std::size_t> order;
        std::vector<std::string> names;
        for (const auto& column : m_wanted.columns) {
            if (m_found.find_column(column.name) == nullptr || is_anew(column.name))
                continue;
            order.push_back(found_position(column.name));
            names.push_back(column.name);
        }
        const auto kept = longest_rising(order);
        for (std::size_t at = 0; at < names.size(); ++at)
            if (kept.count(at) == 0)
                m_moved.insert(names[at]);
    }

    void find_check_drift()
    {
        const CheckRest rest = unmatched_checks(m_wanted, m_found);
        for (const auto* checks : {&rest.missing, &rest.extra})
            for (const auto& check : *checks)
                if (!check.column.empty())
                    m_check_drift.insert(base::ascii_lower(check.column));
    }

    /// " FIRST" or " AFTER `x`".
    std::string position(std::size_t at) const
    {
        return at == 0 ? " FIRST" : " AFTER " + quote_identifier(m_wanted.columns[at - 1].name);
    }

    void compare(std::size_t at)
    {
        const Column& column = m_wanted.columns[at];
        const Column* other = m_found.find_column(column.name);
        if (other == nullptr) {
            missing(at);
            return;
        }
        Aspects aspects = differing_aspects(column, *other);
        if (m_check_drift.count(base::ascii_lower(column.name)) != 0) {
            aspects.words.emplace_back("check");
            aspects.effect = DriftEffect::data;
        }
        if (!aspects.words.empty())
            changed(at, *other, aspects);
        else if (m_moved.count(column.name) != 0)
            moved(at);
    }

    void missing(std::size_t at)
    {
        const std::string definition = build_column(m_wanted, m_wanted.columns[at]);
        m_result.drifts.push_back(
            {fmt::format("column {} is missing downstream; upstream has {}.",
                         quote_identifier(m_wanted.columns[at].name), definition),
             DriftEffect::data,
             false,
             {{AlterStage::column, "ADD COLUMN " + definition + position(at)}}});
    }

    void changed(std::size_t at, const Column& other, const Aspects& aspects)
    {
        const Column& column = m_wanted.columns[at];
        const std::string definition = build_column(m_wanted, column);
        Drift drift;
        drift.sentence = fmt::format("column {} differs in {}: upstream {}, downstream {}.",
                                     quote_identifier(column.name), base::join(aspects.words, ", "),
                                     definition, build_column(m_found, other));
        drift.effect = aspects.effect;
        if (is_anew(column.name)) {
            drift.drops = other.generated == Generated::no;
            drift.repair = {
                {AlterStage::drop_column, "DROP COLUMN " + quote_identifier(other.name)},
                {AlterStage::column, "ADD COLUMN " + definition + position(at)}};
        } else {
            const std::string place = m_moved.count(column.name) != 0 ? position(at) : "";
            const std::string verb = column.name == other.name
                                         ? "MODIFY COLUMN "
                                         : "CHANGE COLUMN " + quote_identifier(other.name) + " ";
            drift.repair = {{AlterStage::column, verb + definition + place}};
        }
        m_result.drifts.push_back(std::move(drift));
    }

    void moved(std::size_t at)
    {
        const Column& column = m_wanted.columns[at];
        m_result.drifts.push_back(
            {fmt::format("column {} is number {} upstream, number {} downstream.",
                         quote_identifier(column.name), at + 1, found_position(column.name) + 1),
             DriftEffect::harmless,
             false,
             {{AlterStage::column,
               "MODIFY COLUMN " + build_column(m_wanted, column) + position(at)}}});
    }

    void extra(const Column& column)
    {
        m_result.drifts.push_back(
            {fmt::format("column {} exists downstream only: {}.", quote_identifier(column.name),
                         build_column(m_found, column)),
             DriftEffect::data,
             true,
             {{AlterStage::drop_column, "DROP COLUMN " + quote_identifier(column.name)}}});
    }

    const Table& m_wanted;
    const Table& m_found;
    ColumnDrifts m_result;
    std::set<std::string> m_moved;
    std::set<std::string> m_check_drift;
};

} // namespace

ColumnDrifts diff_columns(const Table& wanted, const Table& found)
{
    return ColumnDiff(wanted, found).run();
}

CheckRest unmatched_checks(const Table& wanted, const Table& found)
{
    CheckRest rest;
    rest.extra = found.checks;
    for (const auto& check : wanted.checks) {
        const auto same =
            std::find_if(rest.extra.begin(), rest.extra.end(), [&](const Check& other) {
                return check.enforced == other.enforced &&
                       normal_expression(check.expression) == normal_expression(other.expression);
            });
        if (same == rest.extra.end())
            rest.missing.push_back(check);
        else
            rest.extra.erase(same);
    }
    return rest;
}

} // namespace slicetool::sql
