#include "base/stop.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>
#include <thread>

namespace slicetool::base {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(StopToken, StartsUnstopped)
{
    const StopToken stop;
    EXPECT_FALSE(stop.stop_requested());
    EXPECT_NO_THROW(stop.throw_if_stopped());
}

TEST(StopToken, CopiesShareTheRequest)
{
    StopToken stop;
    const StopToken copy = stop;
    stop.request_stop();
    EXPECT_TRUE(copy.stop_requested());
    EXPECT_THROW(copy.throw_if_stopped(), Interrupted);
    EXPECT_FALSE(StopToken().stop_requested());
}

TEST(StopToken, RunsEachCallbackOnce)
{
    StopToken stop;
    int first = 0;
    int second = 0;
    const auto one = stop.on_stop([&] { ++first; });
    const auto two = stop.on_stop([&] { ++second; });
    EXPECT_EQ(first, 0);
    stop.request_stop();
    stop.request_stop();
    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, 1);
}

TEST(StopToken, ForgetsACallbackWhoseHandleIsGone)
{
    StopToken stop;
    int calls = 0;
    auto gone = stop.on_stop([&] { ++calls; });
    const auto stays = stop.on_stop([&] { calls += 10; });
    gone.reset();
    stop.request_stop();
    EXPECT_EQ(calls, 10);
}

TEST(StopToken, RunsALateCallbackAtOnce)
{
    StopToken stop;
    stop.request_stop();
    int calls = 0;
    const auto handle = stop.on_stop([&] { ++calls; });
    EXPECT_EQ(calls, 1);
}

TEST(StopToken, HandlesMayOutliveTheirToken)
{
    std::shared_ptr<void> handle;
    {
        const StopToken stop;
        handle = stop.on_stop([] {});
    }
    handle.reset();
}

TEST(StopToken, DestroyingAHandleWaitsForItsRunningCallback)
{
    StopToken stop;
    std::atomic<bool> entered{false};
    std::atomic<bool> left{false};
    auto handle = stop.on_stop([&] {
        entered = true;
        std::this_thread::sleep_for(50ms);
        left = true;
    });
    std::thread stopper([&] { stop.request_stop(); });
    while (!entered)
        std::this_thread::yield();
    handle.reset();
    EXPECT_TRUE(left);
    stopper.join();
}

TEST(StopToken, WaitForLastsAsLongAsAsked)
{
    const StopToken stop;
    const auto start = Clock::now();
    stop.wait_for(30ms);
    EXPECT_GE(Clock::now() - start, 30ms);
}

TEST(StopToken, WaitForEndsWhenAStopIsRequested)
{
    StopToken stop;
    const auto start = Clock::now();
    std::thread waiter([stop] { stop.wait_for(60s); });
    std::this_thread::sleep_for(10ms);
    stop.request_stop();
    waiter.join();
    EXPECT_LT(Clock::now() - start, 30s);
}

TEST(StopToken, WaitForAfterAStopReturnsAtOnce)
{
    StopToken stop;
    stop.request_stop();
    const auto start = Clock::now();
    stop.wait_for(60s);
    EXPECT_LT(Clock::now() - start, 30s);
}

} // namespace
} // namespace slicetool::base
