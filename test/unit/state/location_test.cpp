#include "state/location.hpp"

#include <cstdlib>
#include <gtest/gtest.h>

namespace slicetool::state {
namespace {

TEST(StateLocation, IsBelowTheStateHomeElseBelowTheHome)
{
    ::setenv("HOME", "/home/ann", 1);
    ::unsetenv("XDG_STATE_HOME");
    EXPECT_EQ(default_path(), "/home/ann/.local/state/slicetool/state.sqlite");
    ::setenv("XDG_STATE_HOME", "/var/state", 1);
    EXPECT_EQ(default_path(), "/var/state/slicetool/state.sqlite");
}

TEST(StateLocation, ARelativeStateHomeIsIgnored)
{
    ::setenv("HOME", "/home/ann", 1);
    ::setenv("XDG_STATE_HOME", "state", 1);
    EXPECT_EQ(default_path(), "/home/ann/.local/state/slicetool/state.sqlite");
}

} // namespace
} // namespace slicetool::state
