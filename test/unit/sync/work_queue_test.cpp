#include "sync/work_queue.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>
#include <thread>

namespace slicetool::sync {
namespace {

using namespace std::chrono_literals;
using Stage = Task::Stage;

void nothing(std::uint64_t) {}

Suspect leaf(std::uint64_t rows)
{
    Suspect suspect;
    suspect.upstream.rows = rows;
    return suspect;
}

RangeDifference changes(std::size_t rows)
{
    RangeDifference difference;
    difference.changed.assign(rows, {"1"});
    return difference;
}

RangeDifference extras(std::size_t rows)
{
    RangeDifference difference;
    difference.extra.assign(rows, {"1"});
    return difference;
}

RangeDifference emptied(std::uint64_t rows)
{
    RangeDifference difference;
    difference.whole = true;
    difference.downstream_rows = rows;
    return difference;
}

Task take(WorkQueue& queue)
{
    auto task = queue.take();
    if (!task)
        throw std::logic_error("the queue is empty");
    return *std::move(task);
}

TEST(WorkQueue, WithoutWorkEndsAtOnce)
{
    WorkQueue queue(false, false, {}, nothing);
    EXPECT_EQ(queue.take(), std::nullopt);
    EXPECT_EQ(queue.take(), std::nullopt);
}

TEST(WorkQueue, PlansUntilThePlanIsFinished)
{
    WorkQueue queue(true, false, {}, nothing);
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(take(queue).stage, Stage::plan);
        queue.done();
    }
    queue.plan_finished();
    EXPECT_EQ(queue.take(), std::nullopt);
}

TEST(WorkQueue, GoesOnPlanningUntilABundleIsFull)
{
    WorkQueue queue(true, false, {}, nothing);
    queue.add_parts(std::vector<Range>(255));
    EXPECT_EQ(take(queue).stage, Stage::plan);
    queue.done();
    queue.add_parts(std::vector<Range>(2));
    const Task task = take(queue);
    EXPECT_EQ(task.stage, Stage::fingerprint);
    EXPECT_EQ(task.ranges.size(), 256U);
    queue.done();
    queue.plan_finished();
    EXPECT_EQ(take(queue).ranges.size(), 1U);
}

TEST(WorkQueue, PrefersTheDeepestFullBundle)
{
    WorkQueue queue(true, false, {}, nothing);
    queue.add_parts(std::vector<Range>(256));
    for (int at = 0; at < 128; ++at)
        queue.add_leaf(leaf(1));
    for (int at = 0; at < 128; ++at)
        queue.add_difference(changes(1));
    for (const Stage stage : {Stage::apply, Stage::leaf, Stage::fingerprint, Stage::plan}) {
        EXPECT_EQ(take(queue).stage, stage);
        queue.done();
    }
}

TEST(WorkQueue, BundlesLeavesByTheirRows)
{
    WorkQueue queue(true, false, {}, nothing);
    queue.add_leaf(leaf(16'000));
    EXPECT_EQ(take(queue).stage, Stage::plan);
    queue.done();
    queue.add_leaf(leaf(400));
    queue.add_leaf(leaf(1));
    const Task task = take(queue);
    EXPECT_EQ(task.stage, Stage::leaf);
    EXPECT_EQ(task.suspects.size(), 2U);
}

TEST(WorkQueue, BundlesDifferencesByTheRowsToCopy)
{
    WorkQueue queue(true, false, {}, nothing);
    queue.add_difference(changes(1500));
    queue.add_difference(changes(500));
    queue.add_difference(changes(7));
    const Task task = take(queue);
    EXPECT_EQ(task.stage, Stage::apply);
    EXPECT_EQ(task.differences.size(), 2U);
    queue.done();
    EXPECT_EQ(take(queue).stage, Stage::plan) << "seven rows are no bundle";
}

TEST(WorkQueue, FinishesPartsBeforeLeavesBeforeDifferencesInTheEnd)
{
    WorkQueue queue(false, false, {}, nothing);
    queue.add_difference(changes(1));
    queue.add_leaf(leaf(1));
    queue.add_parts(std::vector<Range>(1));
    for (const Stage stage : {Stage::fingerprint, Stage::leaf, Stage::apply}) {
        EXPECT_EQ(take(queue).stage, stage);
        queue.done();
    }
    EXPECT_EQ(queue.take(), std::nullopt);
}

TEST(WorkQueue, HoldsDeletesBackUntilEverythingIsCompared)
{
    std::vector<std::uint64_t> told;
    WorkQueue queue(true, true, {}, [&](std::uint64_t rows) { told.push_back(rows); });
    EXPECT_TRUE(queue.add_delete(extras(3)));
    EXPECT_TRUE(queue.add_delete(emptied(50)));
    EXPECT_TRUE(queue.add_delete(extras(4)));
    EXPECT_EQ(take(queue).stage, Stage::plan);
    queue.add_difference(changes(1));
    queue.plan_finished();
    queue.done();
    EXPECT_EQ(take(queue).differences.at(0).changed.size(), 1U);
    EXPECT_TRUE(told.empty());
    queue.done();

    EXPECT_EQ(take(queue).differences.at(0).extra.size(), 3U);
    EXPECT_THAT(told, testing::ElementsAre(57U));
    EXPECT_FALSE(queue.add_delete(extras(1))) << "everything has been compared";
    queue.done();
    EXPECT_TRUE(take(queue).differences.at(0).whole);
    queue.done();
    EXPECT_EQ(take(queue).differences.at(0).extra.size(), 4U);
    queue.done();
    EXPECT_EQ(take(queue).stage, Stage::tail);
    queue.done();
    EXPECT_EQ(queue.take(), std::nullopt);
    EXPECT_THAT(told, testing::ElementsAre(57U));
}

TEST(WorkQueue, BundlesDeletesOfSingleRows)
{
    WorkQueue queue(false, false, {}, nothing);
    for (int at = 0; at < 130; ++at)
        queue.add_delete(extras(1));
    queue.add_delete(emptied(5));
    EXPECT_EQ(take(queue).differences.size(), 128U);
    queue.done();
    EXPECT_EQ(take(queue).differences.size(), 2U);
    queue.done();
    const Task last = take(queue);
    ASSERT_EQ(last.differences.size(), 1U);
    EXPECT_TRUE(last.differences[0].whole);
}

TEST(WorkQueue, HoldsCollidedRangesBackUntilTheDeletesAreDone)
{
    WorkQueue queue(false, true, {}, nothing);
    queue.add_delete(extras(1));
    queue.add_difference(changes(2));
    EXPECT_EQ(take(queue).stage, Stage::apply);
    queue.add_collided({changes(2), changes(1)});
    queue.done();
    EXPECT_EQ(take(queue).differences.at(0).extra.size(), 1U);
    queue.done();
    const Task collided = take(queue);
    EXPECT_EQ(collided.stage, Stage::collided);
    EXPECT_EQ(collided.suspects.size(), 2U);
    queue.done();
    EXPECT_EQ(take(queue).stage, Stage::tail);
    queue.add_collided({changes(1)});
    queue.done();
    EXPECT_EQ(take(queue).stage, Stage::collided);
    queue.done();
    EXPECT_EQ(queue.take(), std::nullopt);
}

TEST(WorkQueue, HandsOutCollidedRangesOneTaskAtATime)
{
    WorkQueue queue(false, false, {}, nothing);
    RangeDifference many = changes(1);
    many.upstream.rows = 1500;
    queue.add_collided({many, many, many});
    EXPECT_EQ(take(queue).suspects.size(), 2U);
    std::optional<Task> second;
    std::thread waiting([&] { second = queue.take(); });
    queue.done();
    waiting.join();
    ASSERT_TRUE(second);
    EXPECT_EQ(second->suspects.size(), 1U);
}

TEST(WorkQueue, DoesNotAskAboutDeletesWhereThereAreNone)
{
    bool asked = false;
    WorkQueue queue(false, true, {}, [&](std::uint64_t) { asked = true; });
    EXPECT_EQ(take(queue).stage, Stage::tail);
    queue.done();
    EXPECT_EQ(queue.take(), std::nullopt);
    EXPECT_FALSE(asked);
}

TEST(WorkQueue, PassesARefusalOfTheDeletesOn)
{
    WorkQueue queue(false, true, {}, [](std::uint64_t) { throw base::Refusal("Too many."); });
    queue.add_delete(extras(1));
    EXPECT_THROW(queue.take(), base::Refusal);
}

TEST(WorkQueue, CountsWholeRangesByWhatUpstreamLacks)
{
    RangeDifference difference = emptied(50);
    difference.upstream.rows = 20;
    EXPECT_EQ(difference.extra_rows(), 30U);
    EXPECT_EQ(difference.rows_to_copy(), 20U);
    difference.upstream.rows = 70;
    EXPECT_EQ(difference.extra_rows(), 0U);
}

TEST(WorkQueue, LetsAWorkerWaitForWhatAnotherMayAdd)
{
    WorkQueue queue(true, false, {}, nothing);
    take(queue);
    queue.plan_finished();
    std::optional<Task> taken;
    std::thread waiting([&] { taken = queue.take(); });
    std::this_thread::sleep_for(10ms);
    queue.add_parts(std::vector<Range>(1));
    waiting.join();
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->stage, Stage::fingerprint);
}

TEST(WorkQueue, WakesWaitersWhenTheLastTaskIsDone)
{
    WorkQueue queue(true, false, {}, nothing);
    take(queue);
    queue.plan_finished();
    std::optional<Task> taken = Task{};
    std::thread waiting([&] { taken = queue.take(); });
    std::this_thread::sleep_for(10ms);
    queue.done();
    waiting.join();
    EXPECT_EQ(taken, std::nullopt);
}

TEST(WorkQueue, AFailureEndsAllOthers)
{
    WorkQueue queue(true, true, {}, nothing);
    take(queue);
    queue.plan_finished();
    bool interrupted = false;
    std::thread waiting([&] {
        try {
            queue.take();
        } catch (const base::Interrupted&) {
            interrupted = true;
        }
    });
    std::this_thread::sleep_for(10ms);
    queue.fail();
    waiting.join();
    EXPECT_TRUE(interrupted);
    EXPECT_THROW(queue.take(), base::Interrupted);
}

TEST(WorkQueue, AStopEndsThoseWhoWait)
{
    base::StopToken stop;
    WorkQueue queue(true, true, stop, nothing);
    take(queue);
    queue.plan_finished();
    bool interrupted = false;
    std::thread waiting([&] {
        try {
            queue.take();
        } catch (const base::Interrupted&) {
            interrupted = true;
        }
    });
    std::this_thread::sleep_for(10ms);
    stop.request_stop();
    waiting.join();
    EXPECT_TRUE(interrupted);
}

/// What several workers have seen, in common.
struct Seen
{
    std::atomic<int> plans{0};
    std::atomic<int> parts{0};
    std::atomic<int> leaves{0};
    std::atomic<int> changes{0};
    std::atomic<int> deletes{0};
    std::atomic<int> tails{0};
    std::atomic<int> applied{0};
    std::atomic<int> collided{0};
    std::atomic<int> collided_at_once{0};
    std::atomic<bool> collided_in_parallel{false};
    std::atomic<bool> deletes_came_early{false};
};

constexpr int k_plans = 40;

void work(WorkQueue& queue, Seen& seen)
{
    while (auto task = queue.take()) {
        switch (task->stage) {
        case Stage::plan:
            if (++seen.plans <= k_plans)
                queue.add_parts(std::vector<Range>(100));
            if (seen.plans >= k_plans)
                queue.plan_finished();
            break;
        case Stage::fingerprint:
            for (std::size_t at = 0; at < task->ranges.size(); ++at) {
                ++seen.parts;
                queue.add_leaf(leaf(10));
            }
            break;
        case Stage::leaf:
            for (std::size_t at = 0; at < task->suspects.size(); ++at) {
                if (++seen.leaves % 2 == 0)
                    queue.add_difference(changes(1));
                else
                    queue.add_delete(extras(1));
            }
            break;
        case Stage::apply:
            queue.add_collided({task->differences.front()});
            ++seen.applied;
            for (const auto& difference : task->differences)
                ++(difference.extra.empty() ? seen.changes : seen.deletes);
            if (seen.deletes > 0 && seen.changes != k_plans * 50)
                seen.deletes_came_early = true;
            break;
        case Stage::collided:
            seen.collided += static_cast<int>(task->suspects.size());
            if (++seen.collided_at_once > 1)
                seen.collided_in_parallel = true;
            --seen.collided_at_once;
            break;
        case Stage::tail:
            ++seen.tails;
        }
        queue.done();
    }
}

TEST(WorkQueue, GivesEachTaskToOneOfSeveralWorkers)
{
    Seen seen;
    std::atomic<int> asked{0};
    WorkQueue queue(true, true, {}, [&](std::uint64_t rows) { asked += static_cast<int>(rows); });
    std::vector<std::thread> workers;
    for (int at = 0; at < 4; ++at)
        workers.emplace_back([&] { work(queue, seen); });
    for (auto& worker : workers)
        worker.join();
    EXPECT_EQ(seen.parts, k_plans * 100);
    EXPECT_EQ(seen.leaves, k_plans * 100);
    EXPECT_EQ(seen.changes, k_plans * 50);
    EXPECT_EQ(seen.deletes, k_plans * 50);
    EXPECT_EQ(asked, k_plans * 50);
    EXPECT_EQ(seen.tails, 1);
    EXPECT_FALSE(seen.deletes_came_early);
    EXPECT_EQ(seen.collided, seen.applied);
    EXPECT_FALSE(seen.collided_in_parallel);
}

} // namespace
} // namespace slicetool::sync
