#pragma once

#include "cli/process.hpp"
#include "integration/schema_fixture.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

/// The Sakila sample database, which the project does not carry: SLICETOOL_TEST_SAKILA or
/// ../shared/data/sakila holds it.
namespace slicetool::test {

inline std::string sakila_folder()
{
    if (const char* folder = std::getenv("SLICETOOL_TEST_SAKILA"))
        return folder;
    return SLICETOOL_SOURCE "/../shared/data/sakila";
}

inline bool has_sakila()
{
    return std::filesystem::exists(sakila_folder() + "/sakila-schema.sql");
}

/// Why a test that needs it is skipped.
inline std::string no_sakila()
{
    return "There is no Sakila in " + sakila_folder() +
           "; name its folder by SLICETOOL_TEST_SAKILA.";
}

/// The file's text for whatever database it is loaded into.
inline std::string sakila_text(const std::string& name)
{
    std::istringstream lines([&] {
        std::ostringstream text;
        text << std::ifstream(sakila_folder() + "/" + name).rdbuf();
        return text.str();
    }());
    std::string kept;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("DROP SCHEMA", 0) == 0 || line.rfind("CREATE SCHEMA", 0) == 0 ||
            line.rfind("USE ", 0) == 0)
            continue;
        for (std::size_t at = line.find(" sakila."); at != std::string::npos;
             at = line.find(" sakila."))
            line.erase(at + 1, 7);
        kept += line + "\n";
    }
    return kept;
}

/// Its DELIMITER lines are for the client, so the client loads it.
inline void load_sakila(const ScratchDatabase& database)
{
    TemporaryFolder folder;
    folder.write("sakila.sql", sakila_text("sakila-schema.sql") + sakila_text("sakila-data.sql"));
    const Ended ended =
        Process({"sh", "-c",
                 "exec mariadb --no-defaults --default-character-set=utf8mb4 -uroot -S '" +
                     database.endpoint().socket + "' " + database.endpoint().database + " < " +
                     folder.path() + "/sakila.sql"})
            .wait();
    ASSERT_EQ(ended.status, 0) << ended.err;
}

} // namespace slicetool::test
