#include "integration/fault_fixture.hpp"
#include "integration/own_server.hpp"

#include <functional>

/// Trap 25: a connection or a server is lost, or silent, or slow. What could not be read must not
/// count as absent.
namespace slicetool::test {
namespace {

enum class Side { upstream, downstream };

/// Seventy million rows, some 7 GB.
constexpr const char* k_long_query =
    "SELECT a.*, REPEAT('x', 100) FROM people AS a, people AS b WHERE a.id > 0";

class Trap25 : public PeopleTest
{
protected:
    void SetUp() override
    {
        PeopleTest::SetUp();
        if (m_upstream.empty())
            return;
        m_proxies[0] = std::make_unique<FaultProxy>(port_of(*m_up));
        m_proxies[1] = std::make_unique<FaultProxy>(port_of(*m_down));
    }

    static const char* name(Side side)
    {
        return side == Side::upstream ? "upstream" : "downstream";
    }
    FaultProxy& proxy(Side side) { return *m_proxies[static_cast<std::size_t>(side)]; }

    /// Both sides through their proxies.
    std::vector<std::string> far_words(const std::string& parameters = "")
    {
        return slice_words(url_through(proxy(Side::upstream), *m_up, parameters),
                           url_through(proxy(Side::downstream), *m_down, parameters));
    }
    /// What a sentence about that side must contain.
    std::string port_of_side(Side side) { return ":" + std::to_string(proxy(side).port()); }

    /// After a fault of one side that was not overcome the other side is not blamed.
    void expect_blamed(const Ended& ended, Side side) { expect_told(ended, port_of_side(side)); }

    void heal()
    {
        for (auto& each : m_proxies)
            each->heal();
    }

    void expect_safe_with_killed_server(Side side)
    {
        const bool up = side == Side::upstream;
        OwnServer victim((up ? upstream_is_mariadb() : downstream_is_mariadb()) ? "mariadb"
                                                                                : "mysql");
        auto& database = up ? m_up : m_down;
        database = std::make_unique<ScratchDatabase>(victim.url(), "victim");
        const KeptDatabase kept(database);
        (up ? m_down : m_up)->run({"DROP TABLE IF EXISTS people, damaged"});
        make_people();
        collect_states();
        std::size_t index = 0;
        for (const auto& stage : stages()) {
            if (!chosen(index++, 23))
                continue;
            SCOPED_TRACE(stage);
            damage_again();
            const Ended ended =
                with_stop_at(stage, slice_words(), [&](const Process&) { victim.kill(); });
            victim.start();
            expect_told(ended, database->endpoint().socket);
            expect_safe(fmt::format("{} killed -9", name(side)), stage, ended);
        }
    }

private:
    std::array<std::unique_ptr<FaultProxy>, 2> m_proxies;
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap25, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Trap25, ConnectionsLostAtAnyStageHarmNothing)
{
    collect_states();
    const std::vector<std::pair<std::string, std::function<void(FaultProxy&)>>> faults = {
        {"connection cut", [](FaultProxy& proxy) { proxy.strike(Fault::cut); }},
        {"connection reset", [](FaultProxy& proxy) { proxy.strike(Fault::reset); }},
        {"connection cut once", [](FaultProxy& proxy) { proxy.strike_once(Fault::cut); }},
    };
    std::size_t index = 0;
    for (const auto& stage : stages()) {
        for (const Side side : {Side::upstream, Side::downstream}) {
            for (const auto& [fault, strike] : faults) {
                if (!chosen(index++, 13))
                    continue;
                SCOPED_TRACE(fmt::format("{}: {} {}", stage, name(side), fault));
                damage_again();
                const Ended ended =
                    with_stop_at(stage, far_words(), [&](const Process&) { strike(proxy(side)); });
                heal();
                expect_blamed(ended, side);
                expect_safe(fmt::format("{} {}", name(side), fault), stage, ended);
            }
        }
    }
}

TEST_P(Trap25, SessionsKilledByTheServerAtAnyStageHarmNothing)
{
    collect_states();
    std::size_t index = 0;
    for (const auto& stage : stages()) {
        for (const Side side : {Side::upstream, Side::downstream}) {
            if (!chosen(index++, 13))
                continue;
            SCOPED_TRACE(fmt::format("{}: KILL CONNECTION {}", stage, name(side)));
            damage_again();
            const auto& database = side == Side::upstream ? *m_up : *m_down;
            const Ended ended = with_stop_at(stage, far_words(), [&](const Process&) {
                EXPECT_GE(kill_connections(database), 1U);
            });
            expect_blamed(ended, side);
            expect_safe(fmt::format("{} KILL CONNECTION", name(side)), stage, ended);
        }
    }
}

TEST_P(Trap25, AConnectionBrokenAtAnyByteHarmsNothing)
{
    const Ended whole = Process(far_words()).wait();
    ASSERT_EQ(whole.status, 0) << whole.err << whole.out;
    const std::uint64_t bytes[] = {proxy(Side::upstream).bytes(Direction::from_server),
                                   proxy(Side::downstream).bytes(Direction::to_server)};
    const int parts = every_fault() ? 60 : 3;
    for (const Side side : {Side::upstream, Side::downstream}) {
        const bool up = side == Side::upstream;
        for (int part = 0; part < parts; ++part) {
            const Fault fault = std::array{Fault::cut, Fault::truncate, Fault::reset}.at(
                static_cast<std::size_t>(part) % 3);
            const char* words =
                std::array{"cut", "packet halved", "reset"}.at(static_cast<std::size_t>(part) % 3);
            const auto byte = bytes[up ? 0 : 1] * static_cast<std::uint64_t>(2 * part + 1) /
                              static_cast<std::uint64_t>(2 * parts);
            SCOPED_TRACE(fmt::format("{} {} after {} bytes", name(side), words, byte));
            damage_again();
            proxy(side).arm({fault, up ? Direction::from_server : Direction::to_server, byte, {}});
            const Ended ended = Process(far_words()).wait();
            EXPECT_TRUE(proxy(side).has_struck());
            heal();
            EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
            expect_blamed(ended, side);
            expect_safe(fmt::format("{} {}", name(side), words), "any byte", ended);
        }
    }
}

TEST_P(Trap25, AConnectionBrokenAtAnyStatementHarmsNothing)
{
    ASSERT_EQ(Process(far_words()).wait().status, 0);
    const std::uint64_t statements[] = {proxy(Side::upstream).statements(),
                                        proxy(Side::downstream).statements()};
    for (const Side side : {Side::upstream, Side::downstream}) {
        const std::uint64_t last = statements[static_cast<std::size_t>(side)];
        ASSERT_GT(last, 10U);
        const std::uint64_t step = every_fault() ? 1 : last / 2;
        for (std::uint64_t number = 1; number <= last; number += step) {
            const Fault fault = number % 2 == 0 ? Fault::cut : Fault::truncate;
            SCOPED_TRACE(fmt::format("{} at statement {} of {}", name(side), number, last));
            damage_again();
            proxy(side).arm({fault, Direction::to_server, {}, number});
            const Ended ended = Process(far_words()).wait();
            EXPECT_TRUE(proxy(side).has_struck());
            heal();
            expect_blamed(ended, side); // the last statements only say good-bye
            expect_safe(
                fmt::format("{} {}", name(side), fault == Fault::cut ? "cut" : "packet halved"),
                "any statement", ended);
        }
    }
}

TEST_P(Trap25, AResultThatIsCutIsNeverTakenForItsEnd)
{
    FaultProxy& far = proxy(Side::upstream);
    base::Endpoint endpoint = m_up->endpoint();
    endpoint.socket.clear();
    endpoint.host = "127.0.0.1";
    endpoint.port = far.port();
    endpoint.tls.mode = base::TlsMode::disabled;
    for (const Fault fault : {Fault::cut, Fault::truncate, Fault::reset}) {
        for (int part = 1; part < 40; ++part) {
            SCOPED_TRACE(part);
            db::Session session = db::Session::open(endpoint, db::Role::reader);
            far.arm({fault, Direction::from_server, static_cast<std::uint64_t>(5000 * part), {}});
            int rows = 0;
            const auto read = [&] {
                db::Result result = session.query("read", "SELECT * FROM people");
                while (result.next())
                    ++rows;
            };
            EXPECT_THROW(read(), db::Error);
            EXPECT_TRUE(far.has_struck());
            EXPECT_GT(rows, 0);
            EXPECT_LT(rows, k_rows);
            far.heal();
        }
    }
}

TEST_P(Trap25, AResultThatTheServerEndsIsNeverTakenForItsEnd)
{
    db::Session session = m_up->open(db::Role::reader);
    db::Result result = session.query("read", k_long_query);
    ASSERT_TRUE(result.next());
    m_up->open(db::Role::reader)
        .execute("kill", fmt::format("KILL QUERY {}", session.connection_id()));
    const auto read = [&] {
        while (result.next()) {
        }
    };
    try {
        read();
        ADD_FAILURE() << "the error was taken for the end of the rows";
    } catch (const db::Error& failure) {
        EXPECT_EQ(failure.number(), db::k_query_interrupted) << failure.what();
    }
}

TEST_P(Trap25, AResultThatIsNotWantedAnyMoreIsNotReadToItsEnd)
{
    base::Endpoint endpoint = m_up->endpoint();
    endpoint.socket.clear();
    endpoint.host = "127.0.0.1";
    endpoint.port = proxy(Side::upstream).port();
    db::Session session = db::Session::open(endpoint, db::Role::reader);
    session.execute("begin", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    {
        db::Result result = session.query("read", k_long_query);
        ASSERT_TRUE(result.next());
    }
    EXPECT_LT(proxy(Side::upstream).bytes(Direction::from_server), 100'000'000U);
    // The snapshot is still there.
    m_up->run({"DELETE FROM people WHERE id = 1"});
    EXPECT_EQ(session.query_value("read on", "SELECT COUNT(*) FROM people"),
              std::to_string(m_upstream.size()));
}

TEST_P(Trap25, ASilentServerIsWaitedForAndThenNamed)
{
    for (const Side side : {Side::upstream, Side::downstream}) {
        for (const char* stage : {"ranges_compared", "batch_deleted", "bulk_streaming"}) {
            if (!every_fault() &&
                (side == Side::upstream) == (std::string(stage) == "batch_deleted"))
                continue;
            SCOPED_TRACE(fmt::format("{}: {}", stage, name(side)));
            damage_again();
            const Ended ended =
                with_stop_at(stage, far_words("&read-timeout=1&connect-timeout=1"),
                             [&](const Process&) { proxy(side).strike(Fault::stall); });
            EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
            expect_blamed(ended, side);
            heal();
            expect_safe(fmt::format("{} silent", name(side)), stage, ended);
        }
    }
}

TEST_P(Trap25, ASilentServerDoesNotHoldBackCtrlC)
{
    for (const Side side : {Side::upstream, Side::downstream}) {
        SCOPED_TRACE(name(side));
        damage_again();
        const Ended ended = with_stop_at("batch_begun", far_words(), [&](const Process& tool) {
            proxy(side).strike(Fault::stall);
            tool.signal(SIGINT);
        });
        EXPECT_EQ(ended.status, 130) << ended.err << ended.out;
        EXPECT_THAT(ended.err, testing::HasSubstr("nterrupted"));
        heal();
        expect_safe(fmt::format("{} silent, SIGINT", name(side)), "batch_begun", ended);
    }
}

TEST_P(Trap25, ASlowConnectionIsOnlySlow)
{
    for (const Side side : {Side::upstream, Side::downstream}) {
        SCOPED_TRACE(name(side));
        damage_again();
        proxy(side).slow_down(800'000);
        const Ended ended = Process(far_words()).wait();
        proxy(side).slow_down(0);
        EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
        expect_safe(fmt::format("{} slow", name(side)), "all", ended);
    }
}

TEST_P(Trap25, AnUpstreamServerKilledAtAnyStageHarmsNothing)
{
    expect_safe_with_killed_server(Side::upstream);
}

TEST_P(Trap25, ADownstreamServerKilledAtAnyStageHarmsNothing)
{
    expect_safe_with_killed_server(Side::downstream);
}

} // namespace
} // namespace slicetool::test
