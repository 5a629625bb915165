#include "commands/run_watermarks.hpp"

#include "state/watermarks.hpp"

namespace slicetool::commands {

std::vector<sync::Watermark> RunWatermarks::of(const std::string& table)
{
    std::vector<sync::Watermark> marks;
    m_state.keeper().read([&](SQLite::Database& database) {
        for (auto& mark : state::find_watermarks(database, m_state.downstream(), table))
            marks.push_back({mark.column, mark.terms, mark.is_copied, mark.value});
    });
    return marks;
}

void RunWatermarks::put(const std::string& table, const sync::Watermark& mark)
{
    const state::Watermark stored{mark.column, mark.terms, mark.is_copied, mark.until};
    m_state.keeper().later([=, downstream = m_state.downstream()](SQLite::Database& database) {
        state::put_watermark(database, downstream, table, stored);
    });
    m_state.keeper().flush();
}

} // namespace slicetool::commands
