#include "commands/run_watermarks.hpp"

#include "state/watermarks.hpp"

namespace slicetool::commands {

std::optional<std::string> RunWatermarks::of(const std::string& table, const std::string& column)
{
    std::optional<std::string> value;
    m_state.keeper().read([&](SQLite::Database& database) {
        value = state::find_watermark(database, m_state.pair(), table, column);
    });
    return value;
}

void RunWatermarks::remember(const std::string& table, const std::string& column,
                             const std::string& value)
{
    m_state.keeper().later([=, pair = m_state.pair()](SQLite::Database& database) {
        state::put_watermark(database, pair, table, column, value);
    });
}

} // namespace slicetool::commands
