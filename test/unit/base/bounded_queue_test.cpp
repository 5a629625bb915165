#include "base/bounded_queue.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <numeric>
#include <thread>
#include <vector>

namespace slicetool::base {
namespace {

using namespace std::chrono_literals;
using testing::Optional;

TEST(BoundedQueue, HandsValuesOutInTheirOrder)
{
    const StopToken stop;
    BoundedQueue<int> queue(3, stop);
    for (const int value : {1, 2, 3})
        EXPECT_TRUE(queue.push(value));
    for (const int value : {1, 2, 3})
        EXPECT_THAT(queue.pop(), Optional(value));
}

TEST(BoundedQueue, TakesValuesThatCannotBeCopied)
{
    const StopToken stop;
    BoundedQueue<std::unique_ptr<int>> queue(1, stop);
    EXPECT_TRUE(queue.push(std::make_unique<int>(7)));
    const auto value = queue.pop();
    ASSERT_TRUE(value);
    EXPECT_EQ(**value, 7);
}

TEST(BoundedQueue, MakesTheProducerWaitWhenItIsFull)
{
    const StopToken stop;
    BoundedQueue<int> queue(2, stop);
    std::atomic<int> pushed{0};
    std::thread producer([&] {
        for (int value = 0; value < 3; ++value) {
            queue.push(value);
            ++pushed;
        }
    });
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(pushed, 2);
    EXPECT_THAT(queue.pop(), Optional(0));
    producer.join();
    EXPECT_EQ(pushed, 3);
}

TEST(BoundedQueue, MakesTheConsumerWaitForAValue)
{
    const StopToken stop;
    BoundedQueue<int> queue(1, stop);
    std::optional<int> taken;
    std::thread consumer([&] { taken = queue.pop(); });
    std::this_thread::sleep_for(10ms);
    queue.push(5);
    consumer.join();
    EXPECT_THAT(taken, Optional(5));
}

TEST(BoundedQueue, LetsAClosedQueueBeEmptied)
{
    const StopToken stop;
    BoundedQueue<int> queue(2, stop);
    queue.push(1);
    queue.close();
    EXPECT_FALSE(queue.push(2));
    EXPECT_THAT(queue.pop(), Optional(1));
    EXPECT_EQ(queue.pop(), std::nullopt);
    EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, ClosingWakesBothSides)
{
    const StopToken stop;
    BoundedQueue<int> full(1, stop);
    BoundedQueue<int> empty(1, stop);
    full.push(1);
    bool accepted = true;
    std::optional<int> taken = 1;
    std::thread producer([&] { accepted = full.push(2); });
    std::thread consumer([&] { taken = empty.pop(); });
    std::this_thread::sleep_for(10ms);
    full.close();
    empty.close();
    producer.join();
    consumer.join();
    EXPECT_FALSE(accepted);
    EXPECT_EQ(taken, std::nullopt);
}

TEST(BoundedQueue, AStopWakesBothSidesAndDropsWhatIsInside)
{
    StopToken stop;
    BoundedQueue<int> full(1, stop);
    BoundedQueue<int> empty(1, stop);
    full.push(1);
    bool accepted = true;
    std::optional<int> taken = 1;
    std::thread producer([&] { accepted = full.push(2); });
    std::thread consumer([&] { taken = empty.pop(); });
    std::this_thread::sleep_for(10ms);
    stop.request_stop();
    producer.join();
    consumer.join();
    EXPECT_FALSE(accepted);
    EXPECT_EQ(taken, std::nullopt);
    EXPECT_EQ(full.pop(), std::nullopt);
}

TEST(BoundedQueue, MadeAfterAStopIsClosed)
{
    StopToken stop;
    stop.request_stop();
    BoundedQueue<int> queue(1, stop);
    EXPECT_FALSE(queue.push(1));
    EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, LosesAndDoublesNothingBetweenManyThreads)
{
    constexpr int k_threads = 4;
    constexpr int k_each = 2000;
    const StopToken stop;
    BoundedQueue<int> queue(3, stop);
    std::vector<std::vector<int>> taken(k_threads);
    std::vector<std::thread> producers;
    std::vector<std::thread> consumers;
    for (int at = 0; at < k_threads; ++at) {
        producers.emplace_back([&queue, at] {
            for (int value = 0; value < k_each; ++value)
                queue.push(at * k_each + value);
        });
        consumers.emplace_back([&queue, &mine = taken.at(static_cast<std::size_t>(at))] {
            while (const auto value = queue.pop())
                mine.push_back(*value);
        });
    }
    for (auto& thread : producers)
        thread.join();
    queue.close();
    for (auto& thread : consumers)
        thread.join();
    std::vector<int> all;
    for (const auto& mine : taken)
        all.insert(all.end(), mine.begin(), mine.end());
    std::sort(all.begin(), all.end());
    std::vector<int> expected(k_threads * k_each);
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(all, expected);
}

} // namespace
} // namespace slicetool::base
