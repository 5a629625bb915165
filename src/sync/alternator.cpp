#include "sync/alternator.hpp"

#include "base/error.hpp"
#include "base/new_file.hpp"
#include "sql/quote.hpp"
#include "sync/current_views.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <utility>

namespace slicetool::sync {

namespace {

constexpr int k_wait_seconds = 2;

/// Between two statements of this session a whole run may take place.
constexpr int k_idle_seconds = 31'536'000;

class CurrentFile : public CurrentPointer
{
public:
    explicit CurrentFile(std::string path) : m_path(std::move(path)) {}

    std::optional<std::string> read() override
    {
        std::error_code none;
        if (std::filesystem::symlink_status(m_path, none).type() ==
            std::filesystem::file_type::not_found)
            return std::nullopt;
        std::ifstream file(m_path);
        std::string name;
        if (!file || !std::getline(file, name))
            throw base::Error(fmt::format(
                "The file {} cannot be read, so that nobody knows which database is in use.",
                m_path));
        return name;
    }

    void set_none() override { set(""); }

    void set(const std::string& database) override
    {
        base::NewFile file(m_path, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
        file.write(database + "\n");
        file.take_place();
    }

    std::string describe() const override { return "the file " + m_path; }
    std::string how_to_make() const override
    {
        return "Write the name of the one in use into it, and a newline; the newline alone, if "
               "none is.";
    }

private:
    const std::string m_path;
};

std::unique_ptr<CurrentPointer> make_pointer(db::Session& session, const Alternation& choice)
{
    if (choice.views.empty())
        return std::make_unique<CurrentFile>(choice.file);
    return std::make_unique<CurrentViews>(session, choice);
}

/// A session that needs none of the databases, and takes texts as UTF-8 (views remember that).
db::Session open(base::Endpoint server)
{
    server.database = "information_schema";
    db::Session session = db::Session::open(server, db::Role::writer);
    session.execute("take texts as UTF-8", "SET NAMES utf8mb4");
    session.execute("stay connected while idle, and take long lists of columns",
                    fmt::format("SET SESSION wait_timeout = {}, group_concat_max_len = 16777216",
                                k_idle_seconds));
    return session;
}

void require(db::Session& session, const std::string& database)
{
    const auto there = session.query_value(
        "look for a database",
        fmt::format("SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {}",
                    sql::quote_string(database)));
    if (there == "0")
        throw base::Refusal(fmt::format(
            "{} has no database {}, or does not show it to this user. Create it there (CREATE "
            "DATABASE {}), and its tables with pull_schema.",
            session.endpoint().describe(), database, sql::quote_identifier(database)));
}

void require_known(const Alternation& choice, const CurrentPointer& pointer,
                   const std::optional<std::string>& in_use)
{
    const auto& known = choice.databases;
    if (!in_use || in_use->empty() || std::find(known.begin(), known.end(), *in_use) != known.end())
        return;
    throw base::Refusal(fmt::format(
        "According to {} the database '{}' is in use, but the job alternates between {} and {}. "
        "Nothing was done. Name the right ones, or correct it.",
        pointer.describe(), *in_use, known[0], known[1]));
}

/// The lock's name is the server's; it may have 64 characters. The order of the two does not
/// matter.
std::string lock_name(const Alternation& choice)
{
    auto names = choice.databases;
    std::sort(names.begin(), names.end());
    return fmt::format("CONCAT('slicetool alternate ', LEFT(SHA2(CONCAT({}, '/', {}), 256), 40))",
                       sql::quote_string(names[0]), sql::quote_string(names[1]));
}

} // namespace

std::vector<std::string> tables_of(db::Session& session, const std::string& database)
{
    std::vector<std::string> names;
    db::Result rows = session.query(
        "list the tables of " + database,
        fmt::format("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND "
                    "TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME",
                    sql::quote_string(database)));
    while (rows.next())
        names.push_back(rows.text(0));
    return names;
}

Alternator::Alternator(const base::Endpoint& server, Alternation choice)
    : m_server(server), m_choice(std::move(choice)), m_session(open(server)),
      m_pointer(make_pointer(m_session, m_choice))
{
    require_databases();
    lock();
    choose_target();
}

void Alternator::require_databases()
{
    for (const auto& database : m_choice.databases)
        require(m_session, database);
    if (!m_choice.views.empty())
        require(m_session, m_choice.views);
}

void Alternator::lock()
{
    const auto taken = m_session.query_value(
        "take the lock of the alternating databases",
        fmt::format("SELECT GET_LOCK({}, {})", lock_name(m_choice), k_wait_seconds));
    if (taken != "1")
        throw base::Busy(fmt::format(
            "{}: another run of slicetool works on {} or {}. Nothing was done; try again when it "
            "has ended.",
            m_server.describe(), m_choice.databases[0], m_choice.databases[1]));
    m_has_lock = true;
}

void Alternator::check_lock()
{
    const auto mine = m_session.query_value(
        "check the lock of the alternating databases",
        fmt::format("SELECT IFNULL(IS_USED_LOCK({}) = CONNECTION_ID(), 0)", lock_name(m_choice)));
    if (mine != "1")
        throw m_session.error("check the lock of the alternating databases",
                              "it is no longer held by this run");
}

void Alternator::keep_lock()
{
    try {
        if (m_has_lock)
            return check_lock();
    } catch (const db::Error& failure) {
        if (!failure.connection_lost())
            throw;
    }
    m_has_lock = false;
    m_session = open(m_server);
    lock();
    const std::string target = m_target;
    choose_target();
    if (m_target != target)
        throw base::Refusal(
            m_was_putting_in_use
                ? fmt::format("{} is in use now: the connection was lost while it was being put in "
                              "use.",
                              target)
                : fmt::format("Another run has put {} in use since this one began: run slicetool "
                              "again.",
                              target));
}

void Alternator::choose_target()
{
    m_in_use = m_pointer->read();
    require_known(m_choice, *m_pointer, m_in_use);
    m_has_pointer = m_in_use.has_value();
    if (!m_has_pointer)
        require_empty();
    if (m_in_use && m_in_use->empty())
        m_in_use.reset();
    m_target = m_choice.databases[m_in_use == m_choice.databases[0] ? 1 : 0];
}

/// Where nothing says which one is in use, one of them may be all the same: the pointer may be
/// lost, or on a disk that is not there today.
void Alternator::require_empty()
{
    for (const auto& database : m_choice.databases) {
        for (const auto& table : tables_of(m_session, database)) {
            const auto name = sql::quote_identifier(database) + "." + sql::quote_identifier(table);
            if (m_session.query_value("look for rows in " + name,
                                      fmt::format("SELECT EXISTS (SELECT 1 FROM {})", name)) == "0")
                continue;
            throw base::Refusal(fmt::format(
                "{} does not exist, so that nobody knows which database is in use, and {} holds "
                "rows. Nothing was done. {}",
                m_pointer->describe(), name, m_pointer->how_to_make()));
        }
    }
}

void Alternator::begin()
{
    if (m_has_pointer)
        return;
    check_lock();
    m_pointer->set_none();
    m_has_pointer = true;
}

std::string Alternator::put_in_use()
{
    check_lock();
    m_was_putting_in_use = true;
    m_pointer->set(m_target);
    const std::string before =
        m_in_use ? fmt::format("; {} is free for the next run", *m_in_use) : std::string();
    return fmt::format("{} is in use now, as {} says{}.", m_target, m_pointer->describe(), before);
}

std::optional<std::string> read_in_use(const base::Endpoint& server, const Alternation& choice)
{
    db::Session session = open(server);
    const auto pointer = make_pointer(session, choice);
    if (!choice.views.empty())
        require(session, choice.views);
    auto in_use = pointer->read();
    require_known(choice, *pointer, in_use);
    if (in_use && in_use->empty())
        in_use.reset();
    return in_use;
}

} // namespace slicetool::sync
