#pragma once

#include "undo/writer.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <unistd.h>

namespace slicetool::undo::test {

/// A folder of the test's own.
class FolderTest : public testing::Test
{
protected:
    FolderTest()
    {
        std::string name =
            (std::filesystem::temp_directory_path() / "slicetool-undo.XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no temporary folder");
        m_folder = name;
    }
    ~FolderTest() override { std::filesystem::remove_all(m_folder); }

    std::string path(const std::string& name = "run.undo") const { return m_folder + "/" + name; }

    static std::string contents(const std::string& path)
    {
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        return text.str();
    }

    static void write(const std::string& path, const std::string& bytes)
    {
        std::ofstream(path, std::ios::binary) << bytes;
    }

    std::string m_folder;
};

inline Header sample_header()
{
    return {k_format_version,   1,        "md5", "run-1", 1700000000, "0.1.0", "mysql://u@up/x",
            "mysql://u@down/y", "server", "y"};
}

inline Table sample_table()
{
    return {"orders", {{"id", "int"}, {"note", "varchar(9) CHARACTER SET latin1"}}, {"id"}};
}

inline Values row(int id, const std::string& note)
{
    return {std::to_string(id), note};
}

} // namespace slicetool::undo::test
