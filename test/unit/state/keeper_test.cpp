#include "state/keeper.hpp"

#include "state/current.hpp"
#include "state/run_recorder.hpp"
#include "state/runs.hpp"
#include "unit/state/fixture.hpp"

#include <fstream>

namespace slicetool::state::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StateKeeper : public StateTest
{
protected:
    void open(Keeper& keeper)
    {
        keeper.open(path(), [this](const std::string& sentence) { m_told.push_back(sentence); });
    }

    static File::Work put(const std::string& name, const std::string& value)
    {
        return [=](SQLite::Database& database) { put_current(database, name, value); };
    }

    std::vector<std::string> m_told;
};

TEST_F(StateKeeper, ReadsWhatIsStillToBeWritten)
{
    Keeper keeper;
    open(keeper);
    keeper.later(put("shop", "foo0"));
    keeper.later(put("shop", "foo1"));
    std::optional<std::string> found;
    EXPECT_TRUE(
        keeper.read([&](SQLite::Database& database) { found = find_current(database, "shop"); }));
    EXPECT_EQ(found, "foo1");
    EXPECT_THAT(m_told, ElementsAre());
}

TEST_F(StateKeeper, WritesTheLatestOfEachName)
{
    Keeper keeper;
    open(keeper);
    int written = 0;
    for (int at = 0; at < 5; ++at)
        keeper.latest("shop", [&written, at](SQLite::Database&) { written += 10 + at; });
    keeper.latest("other", [&written](SQLite::Database&) { written += 100; });
    keeper.flush();
    keeper.flush();
    EXPECT_EQ(written, 114);
}

TEST_F(StateKeeper, WritesWhatIsLeftInTheEnd)
{
    {
        Keeper keeper;
        open(keeper);
        keeper.later(put("shop", "foo0"));
    }
    File(path(), File::Missing::refuse).read([](SQLite::Database& database) {
        EXPECT_EQ(find_current(database, "shop"), "foo0");
    });
}

TEST_F(StateKeeper, WithoutAFileKeepsNothingSilently)
{
    Keeper keeper;
    keeper.later(put("shop", "foo0"));
    keeper.flush();
    EXPECT_FALSE(keeper.works());
    EXPECT_FALSE(keeper.read([](SQLite::Database&) { ADD_FAILURE(); }));
}

TEST_F(StateKeeper, ComplainsOnceOfAFileThatCannotBeUsed)
{
    std::ofstream(path()) << std::string(5000, 'x');
    Keeper keeper;
    open(keeper);
    RunRecorder recorder(keeper);
    recorder.begin({"1", "slice", "", "up", "down", "pair", {}});
    recorder.note("t", report::Severity::info, "A note.");
    recorder.run_finished({});
    EXPECT_EQ(recorder.run(), std::nullopt);
    EXPECT_THAT(m_told, ElementsAre(HasSubstr("This run goes on without it.")));
}

TEST_F(StateKeeper, ComplainsOnceOfAFileThatIsDamagedMeanwhile)
{
    Keeper keeper;
    open(keeper);
    std::ofstream(path(), std::ios::trunc) << std::string(5000, 'x');
    keeper.later(put("shop", "foo0"));
    keeper.flush();
    keeper.later(put("shop", "foo1"));
    keeper.flush();
    EXPECT_FALSE(keeper.works());
    EXPECT_THAT(m_told, ElementsAre(HasSubstr(path())));
}

} // namespace
} // namespace slicetool::state::test
