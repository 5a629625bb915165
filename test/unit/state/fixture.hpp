#pragma once

#include "state/file.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace slicetool::state::test {

/// A folder of its own with a state file in it.
class StateTest : public testing::Test
{
protected:
    StateTest()
    {
        std::string pattern = testing::TempDir() + "slicetool-state-XXXXXX";
        m_folder = ::mkdtemp(pattern.data());
    }
    ~StateTest() override { std::filesystem::remove_all(m_folder); }

    std::string path(const std::string& name = "state.sqlite") const
    {
        return m_folder + "/" + name;
    }

private:
    std::string m_folder;
};

} // namespace slicetool::state::test
