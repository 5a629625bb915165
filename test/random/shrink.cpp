#include "random/shrink.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace slicetool::search {

namespace {

using Clock = std::chrono::steady_clock;

class Shrinker
{
public:
    Shrinker(Case failing, const std::function<bool(const Case&)>& fails,
             std::chrono::seconds at_most)
        : m_best(std::move(failing)), m_fails(fails), m_end(Clock::now() + at_most)
    {
    }

    Case run()
    {
        do {
            m_better = false;
            without_tables();
            shorter([](Case& of) -> std::vector<Change>& { return of.changes; });
            for (std::size_t table = 0; table < m_best.tables.size(); ++table)
                shorter([table](Case& of) -> std::vector<Row>& { return of.tables[table].rows; });
            without_columns();
            without_details();
            plain_choices();
        } while (m_better && Clock::now() < m_end);
        return m_best;
    }

private:
    /// Keeps the changed case if it still fails.
    template<class Edit>
    bool attempt(Edit edit)
    {
        if (Clock::now() >= m_end)
            return false;
        Case smaller = m_best;
        if (!edit(smaller) || !m_fails(smaller))
            return false;
        m_best = std::move(smaller);
        m_better = true;
        return true;
    }

    void without_tables()
    {
        for (std::size_t at = 0; at < m_best.tables.size(); ++at)
            attempt([&](Case& of) {
                return !std::exchange(of.tables[at].dropped, true) && m_best.tables.size() > 1;
            });
    }

    /// Leaves out parts of a list: halves, quarters, … single elements.
    template<class List>
    void shorter(List list)
    {
        for (std::size_t part = (list(m_best).size() + 1) / 2; part > 0;
             part = part == 1 ? 0 : (part + 1) / 2) {
            for (std::size_t from = 0; from < list(m_best).size();) {
                const bool gone = attempt([&](Case& of) {
                    auto& elements = list(of);
                    const auto begin = elements.begin() + static_cast<std::ptrdiff_t>(from);
                    const auto left =
                        static_cast<std::size_t>(std::distance(begin, elements.end()));
                    elements.erase(begin,
                                   begin + static_cast<std::ptrdiff_t>(std::min(part, left)));
                    return true;
                });
                from += gone ? 0 : part;
            }
        }
    }

    void without_columns()
    {
        for (std::size_t table = 0; table < m_best.tables.size(); ++table) {
            for (std::size_t at = 0; at < m_best.tables[table].columns.size(); ++at)
                attempt([&](Case& of) {
                    return !of.tables[table].dropped &&
                           !std::exchange(of.tables[table].columns[at].dropped, true);
                });
        }
    }

    void without_details()
    {
        for (std::size_t table = 0; table < m_best.tables.size(); ++table) {
            if (m_best.tables[table].dropped)
                continue;
            for (std::size_t at = 0; at < m_best.tables[table].keys.size(); ++at)
                attempt([&](Case& of) {
                    return !std::exchange(of.tables[table].keys[at].dropped, true);
                });
            for (std::size_t at = 0; at < m_best.tables[table].foreign_keys.size(); ++at)
                attempt([&](Case& of) {
                    return !std::exchange(of.tables[table].foreign_keys[at].dropped, true);
                });
            attempt([&](Case& of) { return !std::exchange(of.tables[table].options, "").empty(); });
            attempt([&](Case& of) {
                return std::exchange(of.tables[table].excluded, std::nullopt).has_value();
            });
            for (std::size_t at = 0; at < m_best.tables[table].columns.size(); ++at)
                attempt([&](Case& of) { return simplify(of.tables[table].columns[at]); });
            for (std::size_t at = 0; at < m_best.tables[table].columns.size(); ++at)
                attempt([&](Case& of) {
                    return !std::exchange(of.tables[table].columns[at].down_type, "").empty();
                });
        }
    }

    static bool simplify(Column& column)
    {
        const bool had =
            !column.dropped && (!column.attributes.empty() || !column.default_sql.empty() ||
                                column.auto_increment || column.first_down);
        column.first_down = false;
        column.attributes.clear();
        column.default_sql.clear();
        column.auto_increment = false;
        return had;
    }

    void plain_choices()
    {
        attempt([](Case& of) { return !std::exchange(of.choices.zoom, {}).empty(); });
        attempt([](Case& of) { return std::exchange(of.choices.jobs, 1) != 1; });
        attempt([](Case& of) { return std::exchange(of.choices.sha256, false); });
        attempt([](Case& of) { return std::exchange(of.choices.list_keys, false); });
        attempt([](Case& of) { return std::exchange(of.choices.recheck, false); });
        attempt([](Case& of) { return std::exchange(of.choices.empty_scope, false); });
        attempt([](Case& of) { return std::exchange(of.choices.keep_outside, false); });
        attempt([](Case& of) { return std::exchange(of.choices.where, false); });
        attempt([](Case& of) { return std::exchange(of.choices.foreign_keys, false); });
        for (std::size_t side = 0; side < 2; ++side) {
            attempt(
                [&](Case& of) { return !std::exchange(of.settings[side].sql_mode, "").empty(); });
            attempt([&](Case& of) {
                return std::exchange(of.settings[side].time_zone, "SYSTEM") != "SYSTEM";
            });
        }
    }

    Case m_best;
    const std::function<bool(const Case&)>& m_fails;
    const Clock::time_point m_end;
    bool m_better = false;
};

} // namespace

Case shrink(Case failing, const std::function<bool(const Case&)>& fails,
            std::chrono::seconds at_most)
{
    return Shrinker(std::move(failing), fails, at_most).run();
}

} // namespace slicetool::search
