#include "fixtures.hpp"

#include <gtest/gtest.h>

namespace slicetool::report::test {
namespace {

TEST(Screen, PaintsOverTheLinesBeforeInOneWrite)
{
    Stage stage;
    stage.screen->paint({"one", "two"}, 80);
    EXPECT_EQ(Stage::taken(stage.err), "\rone\x1b[K\n\rtwo\x1b[K\n");
    stage.screen->paint({"three", "four"}, 80);
    EXPECT_EQ(Stage::taken(stage.err), "\x1b[2A\rthree\x1b[K\n\rfour\x1b[K\n");
    EXPECT_EQ(stage.out, "");
}

TEST(Screen, WritesNothingWhenNothingChanged)
{
    Stage stage;
    stage.screen->paint({"one"}, 80);
    stage.err.clear();
    stage.screen->paint({"one"}, 80);
    EXPECT_EQ(stage.err, "");
}

TEST(Screen, ErasesTheLinesThatAreNoLongerNeeded)
{
    Stage stage;
    stage.screen->paint({"one", "two"}, 80);
    stage.err.clear();
    stage.screen->paint({"one"}, 80);
    EXPECT_EQ(Stage::taken(stage.err), "\x1b[2A\rone\x1b[K\n\x1b[J");
    stage.screen->erase();
    EXPECT_EQ(Stage::taken(stage.err), "\x1b[1A\r\x1b[J");
    stage.screen->erase();
    EXPECT_EQ(stage.err, "");
}

TEST(Screen, KnowsThatANarrowerWindowHasWrappedItsLines)
{
    Stage stage;
    stage.screen->paint({std::string(70, 'x'), "y"}, 80);
    stage.err.clear();
    stage.screen->paint({"z"}, 40);
    EXPECT_EQ(stage.err, "\x1b[3A\r\x1b[J\rz\x1b[K\n");
}

TEST(Screen, StepsAsideForALineOnStandardError)
{
    Stage stage;
    stage.screen->paint({"live"}, 80);
    stage.err.clear();
    stage.screen->print_err("a log line\n");
    EXPECT_EQ(Stage::taken(stage.err), "\x1b[1A\r\x1b[Ja log line\n");
    stage.screen->paint({"live"}, 80);
    EXPECT_EQ(stage.err, "\rlive\x1b[K\n");
}

TEST(Screen, StepsAsideForStandardOutputOnTheSameTerminalOnly)
{
    Stage shared(true);
    shared.screen->paint({"live"}, 80);
    shared.err.clear();
    shared.screen->print_out("text\n");
    EXPECT_EQ(shared.err, "\x1b[1A\r\x1b[J");
    EXPECT_EQ(shared.out, "text\n");

    Stage apart(false);
    apart.screen->paint({"live"}, 80);
    apart.err.clear();
    apart.screen->print_out("text\n");
    EXPECT_EQ(apart.err, "");
    EXPECT_EQ(apart.out, "text\n");
}

} // namespace
} // namespace slicetool::report::test
