#include "integration/fault_fixture.hpp"

#include <atomic>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

/// Trap 28: upstream is written to while the tool runs. A slice ends equal to one instant of it.
namespace slicetool::test {
namespace {

/// A row of `people` by its id; no contents: it is deleted.
struct Change
{
    long id;
    std::optional<std::string> contents;
};

/// Writes to upstream without a pause: inserts, updates, deletes, changes of keys, exchanges of
/// unique values. Every change is also a row of `journal`, in the same transaction; so whoever sees
/// the first n rows of this writer's journal must see `people` as the first n changes leave it.
class Writer
{
public:
    /// The ids that leave `number` when divided by `count` are this writer's.
    Writer(const ScratchDatabase& database, int number, int count,
           const std::map<long, std::string>& people)
        : m_session(database.open(db::Role::writer)), m_number(number), m_count(count),
          m_random(static_cast<unsigned>(number)), m_next(people.rbegin()->first / count + 1)
    {
        for (const auto& [id, contents] : people) {
            if (id % count != number)
                continue;
            m_ids.push_back(id);
            m_badges[id] = std::stol(contents);
        }
        m_thread = std::thread([this] { work(); });
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer() { stop(); }

    void stop()
    {
        m_stop = true;
        if (m_thread.joinable())
            m_thread.join();
    }
    int number() const { return m_number; }
    std::size_t changes() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_changes.size();
    }
    void replay(std::size_t changes, std::map<long, std::string>& people) const
    {
        const std::scoped_lock lock(m_mutex);
        for (std::size_t at = 0; at < changes; ++at) {
            const Change& change = m_changes.at(at);
            if (change.contents)
                people[change.id] = *change.contents;
            else
                people.erase(change.id);
        }
    }

private:
    void work()
    {
        const db::ThreadGuard guard;
        while (!m_stop)
            transaction();
    }

    void transaction()
    {
        constexpr int k_changes_per_transaction = 5;
        const auto ids = m_ids;
        const auto badges = m_badges;
        m_new.clear();
        try {
            m_session.execute("begin", "START TRANSACTION");
            for (int at = 0; at < k_changes_per_transaction; ++at)
                change_something();
            std::string rows;
            for (std::size_t at = 0; at < m_new.size(); ++at)
                rows += fmt::format("{}({},{},{})", at == 0 ? "" : ",", m_number,
                                    m_journalled + at + 1, m_new[at].id);
            m_session.execute("write it down", "INSERT INTO journal VALUES " + rows);
            m_session.execute("commit", "COMMIT");
        } catch (const db::Error& failure) {
            EXPECT_EQ(failure.number(), db::k_deadlock) << failure.what();
            m_ids = ids; // the server has rolled back
            m_badges = badges;
            return;
        }
        m_journalled += m_new.size();
        const std::scoped_lock lock(m_mutex);
        m_changes.insert(m_changes.end(), m_new.begin(), m_new.end());
    }

    void change_something()
    {
        const std::size_t at = m_random() % m_ids.size();
        switch (m_random() % 6) {
        case 0:
            return insert(fresh_id());
        case 1:
            return remove(at);
        case 2:
            return change_key(at);
        case 3:
            return exchange(at, m_random() % m_ids.size());
        default:
            return update(at);
        }
    }

    /// Above and below the others, and never used before.
    long fresh_id()
    {
        const long id = m_next++ * m_count + m_number;
        return m_random() % 4 == 0 ? -id : id;
    }

    void insert(long id)
    {
        m_badges[id] = std::abs(id);
        m_ids.push_back(id);
        m_session.execute("insert", fmt::format("INSERT INTO people VALUES ({},{},'new {}',{})", id,
                                                m_badges[id], id, id % 50));
        m_new.push_back({id, fmt::format("{}|new {}|{}", m_badges[id], id, id % 50)});
    }

    void remove(std::size_t at)
    {
        const long id = m_ids[at];
        m_ids[at] = m_ids.back();
        m_ids.pop_back();
        m_session.execute("delete", fmt::format("DELETE FROM people WHERE id = {}", id));
        m_new.push_back({id, std::nullopt});
    }

    void change_key(std::size_t at)
    {
        const long before = m_ids[at];
        const long id = fresh_id();
        const long badge = m_badges[before];
        m_ids[at] = id;
        m_badges[id] = badge;
        m_session.execute("change key",
                          fmt::format("UPDATE people SET id = {0}, name = 'moved {0}', age = 7 "
                                      "WHERE id = {1}",
                                      id, before));
        m_new.push_back({before, std::nullopt});
        m_new.push_back({id, fmt::format("{}|moved {}|7", badge, id)});
    }

    void exchange(std::size_t a, std::size_t b)
    {
        if (a == b)
            return update(a);
        const long badges[] = {m_badges[m_ids[a]], m_badges[m_ids[b]]};
        m_session.execute("free", fmt::format("UPDATE people SET badge = -{} WHERE id = {}",
                                              badges[0], m_ids[a]));
        set(m_ids[b], badges[0]);
        set(m_ids[a], badges[1]);
    }

    void update(std::size_t at) { set(m_ids[at], m_badges[m_ids[at]]); }

    void set(long id, long badge)
    {
        m_badges[id] = badge;
        const auto age = m_random() % 100;
        m_session.execute("update",
                          fmt::format("UPDATE people SET badge = {}, name = 'set {}', age = {} "
                                      "WHERE id = {}",
                                      badge, age, age, id));
        m_new.push_back({id, fmt::format("{}|set {}|{}", badge, age, age)});
    }

    db::Session m_session;
    const int m_number;
    const int m_count;
    std::mt19937 m_random;
    long m_next;
    std::vector<long> m_ids;
    std::map<long, long> m_badges;
    std::vector<Change> m_new;
    std::size_t m_journalled = 0;
    mutable std::mutex m_mutex; ///< of the changes
    std::vector<Change> m_changes;
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

class Trap28 : public FaultTest
{
protected:
    static constexpr int k_writers = 2;

    static std::map<long, std::string> contents(const ScratchDatabase& database)
    {
        db::Session session = database.open(db::Role::reader);
        db::Result answer =
            session.query("dump", "SELECT id, CONCAT_WS('|', badge, name, age) FROM people");
        std::map<long, std::string> rows;
        while (answer.next())
            rows.emplace(std::stol(answer.text(0)), answer.text(1));
        return rows;
    }

    /// How many of the writer's changes downstream's journal has: it has the first ones, all.
    std::size_t journalled(const Writer& writer) const
    {
        db::Session session = m_down->open(db::Role::reader);
        db::Result answer = session.query(
            "count", fmt::format("SELECT COUNT(*), IFNULL(MAX(number), 0) FROM journal "
                                 "WHERE writer = {}",
                                 writer.number()));
        EXPECT_TRUE(answer.next());
        EXPECT_EQ(answer.number(0), answer.number(1)) << "the journal has holes";
        return answer.number(1);
    }

    Ended slice_both(int jobs) const
    {
        return Process(slicetool_words({"slice", "--from", m_up->endpoint().url(), "--to",
                                        m_down->endpoint().url(), "--tables", "people,journal",
                                        "--max-delete", "1000000", "--jobs", std::to_string(jobs)}))
            .wait();
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap28, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Trap28, ASliceOfALiveUpstreamIsEqualToOneInstant)
{
    make_people();
    on_both({"CREATE TABLE journal (writer INT NOT NULL, number INT NOT NULL, id BIGINT NOT NULL, "
             "PRIMARY KEY (writer, number)) ENGINE=InnoDB"});
    const auto initial = contents(*m_up);
    std::vector<std::unique_ptr<Writer>> writers;
    for (int number = 0; number < k_writers; ++number)
        writers.push_back(std::make_unique<Writer>(*m_up, number, k_writers, initial));
    const auto changes = [&] {
        std::size_t sum = 0;
        for (const auto& writer : writers)
            sum += writer->changes();
        return sum;
    };
    const auto start = std::chrono::steady_clock::now();
    const int rounds = every_fault() ? 40 : 4;
    for (int round = 0; round < rounds; ++round) {
        const int jobs = round % 2 == 0 ? 1 : 4;
        SCOPED_TRACE(fmt::format("slice {} with {} jobs", round, jobs));
        const std::size_t before = changes();
        const Ended ended = slice_both(jobs);
        ASSERT_EQ(ended.status, 0) << ended.err << ended.out;
        EXPECT_GT(changes(), before) << "nobody wrote meanwhile";
        auto expected = initial;
        for (const auto& writer : writers) {
            const std::size_t seen = journalled(*writer);
            EXPECT_TRUE(becomes_true([&] { return writer->changes() >= seen; }));
            writer->replay(seen, expected);
        }
        ASSERT_EQ(contents(*m_down) == expected, true);
    }
    for (const auto& writer : writers)
        writer->stop();
    tell_live(rounds, changes(), std::chrono::steady_clock::now() - start);
    EXPECT_EQ(slice_both(4).status, 0);
    EXPECT_EQ(contents(*m_up) == contents(*m_down), true);
}

/// Three tables of which the middle one is changed before its turn.
class Trap28Definition : public Trap28
{
protected:
    void make_three(const std::string& key_of_b = "PRIMARY KEY")
    {
        for (const std::string name : {"a", "b", "c"}) {
            on_both(
                {fmt::format("CREATE TABLE {} (id BIGINT NOT NULL {}, v VARCHAR(40), w INT) "
                             "ENGINE=InnoDB CHARACTER SET utf8mb4",
                             name, name == "b" ? key_of_b : "PRIMARY KEY"),
                 fmt::format("INSERT INTO {} VALUES (1,'one',1),(2,'two',2),(3,'three',3)", name)});
            m_down->run({fmt::format("UPDATE {} SET v = 'other' WHERE id = 2", name),
                         fmt::format("INSERT INTO {} VALUES (4,'extra',4)", name)});
        }
    }

    std::vector<std::string> words(const std::string& jobs = "1") const
    {
        return slicetool_words({"slice", "--from", m_up->endpoint().url(), "--to",
                                m_down->endpoint().url(), "--tables", "a,b,c", "--json", "--jobs",
                                jobs});
    }

    static nlohmann::json table(const Ended& ended, std::size_t at)
    {
        const auto document = nlohmann::json::parse(ended.out, nullptr, false);
        EXPECT_FALSE(document.is_discarded()) << ended.out;
        if (document.is_discarded() || document["tables"].size() <= at)
            return {{"outcome", ended.out + ended.err}, {"reason", ""}};
        return document["tables"][at];
    }

    void expect_only_b_fails_after(const std::string& change, const std::string& key_of_b)
    {
        SCOPED_TRACE(change + " " + key_of_b);
        for (const auto* database : {m_up.get(), m_down.get()})
            database->run({"DROP TABLE IF EXISTS a, b, c, elsewhere"});
        make_three(key_of_b);
        const auto before = dump(*m_down, "b");
        const Ended ended =
            with_stop_at("table_planned", words(), [&](const Process&) { m_up->run({change}); });
        EXPECT_EQ(ended.status, 2) << ended.err << ended.out;
        EXPECT_EQ(table(ended, 0)["outcome"], "made_equal");
        EXPECT_EQ(table(ended, 1)["outcome"], "failed");
        EXPECT_EQ(table(ended, 2)["outcome"], "made_equal");
        const std::string reason = table(ended, 1)["reason"];
        EXPECT_THAT(reason, testing::HasSubstr("b"));
        EXPECT_THAT(reason, testing::EndsWith("."));
        EXPECT_EQ(dump(*m_down, "b"), before);
        EXPECT_EQ(dump(*m_up, "c"), dump(*m_down, "c"));
    }
};

INSTANTIATE_TEST_SUITE_P(Pairings, Trap28Definition, testing::ValuesIn(pairings()), pairing_name);

TEST_P(Trap28Definition, ATableChangedBeforeItsTurnFailsAndTheOthersGoOn)
{
    for (const char* change :
         {"ALTER TABLE b ADD COLUMN x INT", "ALTER TABLE b DROP COLUMN w",
          "ALTER TABLE b RENAME COLUMN w TO x", "ALTER TABLE b MODIFY v VARCHAR(400)",
          "ALTER TABLE b RENAME COLUMN v TO t, RENAME COLUMN w TO v", "ALTER TABLE b FORCE",
          "ALTER TABLE b MODIFY id INT NOT NULL", "TRUNCATE TABLE b", "DROP TABLE b",
          "RENAME TABLE b TO elsewhere"}) {
        expect_only_b_fails_after(change, "PRIMARY KEY");
        expect_only_b_fails_after(change, "");
    }
}

TEST_P(Trap28Definition, AnAlterOfTheTableInWorkWaitsForTheRun)
{
    for (const char* jobs : {"1", "4"}) {
        for (const char* stage : {"table_planned", "ranges_compared"}) {
            // Four jobs wait ten seconds before one of them goes on alone.
            if (!every_fault() && (std::string(jobs) == "4") !=
                                      (std::string(stage) == "table_planned" && same_family()))
                continue;
            SCOPED_TRACE(fmt::format("{} with {} jobs", stage, jobs));
            for (const auto* database : {m_up.get(), m_down.get()})
                database->run({"DROP TABLE IF EXISTS a, b, c"});
            make_three();
            std::future<void> alter;
            const Ended ended = with_stop_at(stage, words(jobs), [&](const Process&) {
                alter = std::async(std::launch::async, [&] {
                    const db::ThreadGuard guard;
                    m_up->run({"ALTER TABLE a ADD COLUMN x INT"});
                });
                db::Session watcher = m_up->open(db::Role::reader);
                EXPECT_TRUE(becomes_true([&] {
                    return watcher
                               .query_value(
                                   "ask", "SELECT COUNT(*) FROM information_schema.PROCESSLIST "
                                          "WHERE DB = DATABASE() AND STATE LIKE '%metadata lock%'")
                               .value() == "1";
                }));
            });
            alter.get();
            EXPECT_EQ(ended.status, 0) << ended.err << ended.out;
            EXPECT_EQ(table(ended, 0)["outcome"], "made_equal");
        }
    }
}

} // namespace
} // namespace slicetool::test
