#pragma once

#include "cli/process.hpp"
#include "integration/traps_fixture.hpp"

#include <nlohmann/json.hpp>

namespace slicetool::test {

/// The binary between two databases of a pairing.
class CliTest : public TrapTest
{
protected:
    std::string up() const { return m_up->endpoint().url(); }
    std::string down() const { return m_down->endpoint().url(); }

    /// `slicetool COMMAND --from … --to … more`.
    Ended tool(const std::string& command, const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> words = {command, "--from", up(), "--to", down()};
        words.insert(words.end(), more.begin(), more.end());
        return slicetool(words);
    }

    /// A table `ids` on both sides, with rows 1 to `rows`.
    void make_ids(int rows) const
    {
        on_both({"CREATE TABLE ids (id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(40))"});
        on_both(numbered("ids", rows));
    }

    static nlohmann::json document(const Ended& ended)
    {
        auto parsed = nlohmann::json::parse(ended.out, nullptr, false);
        EXPECT_FALSE(parsed.is_discarded()) << ended.out;
        return parsed;
    }

    /// Rows of downstream's table as its server says them.
    std::vector<std::string> downstream_rows(const std::string& table = "ids") const
    {
        return ask(*m_down, "SELECT * FROM " + table + " ORDER BY 1");
    }
};

} // namespace slicetool::test
