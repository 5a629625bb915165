#include "sync/current_views.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "hash/digest.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

/// Views on their way in and out; numbers keep them short enough for every table's name.
constexpr const char* k_next = "slicetool_next_";
constexpr const char* k_old = "slicetool_old_";

/// RENAME TABLE waits for transactions that have read a view, and makes later readers wait behind
/// it: rather give up, and try again in a moment.
constexpr int k_lock_wait_seconds = 5;
constexpr int k_rename_attempts = 4;

bool is_leftover(const std::string& name)
{
    return name.starts_with(k_next) || name.starts_with(k_old);
}

/// A digest of the names of a table's or a view's columns. (SHA2(): MySQL may have no MD5().)
constexpr const char* k_columns =
    "(SELECT SHA2(GROUP_CONCAT(HEX(c.COLUMN_NAME) ORDER BY c.ORDINAL_POSITION), 256) FROM "
    "information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = "
    "t.TABLE_NAME)";

/// A line of the column views_made of k_current_view.
std::string made(const std::string& view, const std::string& columns)
{
    return hash::to_hex(view) + "=" + columns + "\n";
}

std::string quoted(const std::string& database, const std::string& name)
{
    return sql::quote_identifier(database) + "." + sql::quote_identifier(name);
}

} // namespace

CurrentViews::CurrentViews(db::Session& session, const Alternation& choice)
    : m_session(session), m_choice(choice)
{
}

std::string CurrentViews::describe() const
{
    return fmt::format("the view {}", quoted(m_choice.views, k_current_view));
}

std::string CurrentViews::how_to_make() const
{
    return fmt::format("Say which one is: CREATE VIEW {} AS SELECT '{}' AS database_name; or NULL "
                       "instead of the name, if none is.",
                       quoted(m_choice.views, k_current_view), m_choice.databases[0]);
}

std::vector<CurrentViews::Existing> CurrentViews::existing()
{
    std::vector<Existing> objects;
    db::Result rows = m_session.query(
        "list the views of " + m_choice.views,
        fmt::format("SELECT t.TABLE_NAME, t.TABLE_TYPE = 'VIEW', v.VIEW_DEFINITION, {} FROM "
                    "information_schema.TABLES t LEFT JOIN information_schema.VIEWS v ON "
                    "v.TABLE_SCHEMA = t.TABLE_SCHEMA AND v.TABLE_NAME = t.TABLE_NAME WHERE "
                    "t.TABLE_SCHEMA = {}",
                    k_columns, sql::quote_string(m_choice.views)));
    while (rows.next())
        objects.push_back({rows.text(0), rows.number(1) != 0, rows.get(2).value_or(""),
                           rows.get(3).value_or("")});
    return objects;
}

std::optional<std::string> CurrentViews::read()
{
    const auto objects = existing();
    if (std::none_of(objects.begin(), objects.end(),
                     [](const Existing& object) { return object.name == k_current_view; }))
        return std::nullopt;
    return m_session
        .query_value(
            "ask which database is in use",
            fmt::format("SELECT database_name FROM {}", quoted(m_choice.views, k_current_view)))
        .value_or("");
}

/// A view of all that a table of one of the two databases holds, or the one that tells which is in
/// use. One that somebody made to show less is not to become one that shows all.
bool CurrentViews::is_ours(const Existing& object)
{
    if (!object.is_view)
        return false;
    if (object.name == k_current_view || is_leftover(object.name))
        return true;
    return std::any_of(
               m_choice.databases.begin(), m_choice.databases.end(),
               [&](const std::string& database) { return selects_from(object, database); }) &&
           is_as_made(object);
}

bool CurrentViews::selects_from(const Existing& view, const std::string& database) const
{
    return view.definition.ends_with(" from " + quoted(database, view.name));
}

/// The columns of a view stay what they were when it was made, whatever becomes of the table. Where
/// k_current_view was made by hand, nobody knows them.
bool CurrentViews::is_as_made(const Existing& view)
{
    if (!m_made) {
        try {
            m_made = m_session
                         .query_value("ask which views were made",
                                      fmt::format("SELECT views_made FROM {}",
                                                  quoted(m_choice.views, k_current_view)))
                         .value_or("");
        } catch (const db::Error& failure) {
            if (failure.number() != db::k_no_such_column && failure.number() != db::k_no_such_table)
                throw;
            m_made = "";
        }
    }
    return m_made->empty() || m_made->find(made(view.name, view.columns)) != std::string::npos;
}

void CurrentViews::refuse_foreign(const std::vector<Existing>& objects,
                                  const std::vector<std::string>& tables)
{
    for (const auto& object : objects) {
        const bool is_wanted = object.name == k_current_view || is_leftover(object.name) ||
                               std::find(tables.begin(), tables.end(), object.name) != tables.end();
        if (is_wanted && !is_ours(object))
            throw base::Refusal(fmt::format(
                "{} exists, and is no view of a whole table of {} or {} as slicetool makes them: "
                "it "
                "is left alone, and nothing was switched. Move it away, or name another database "
                "for the views.",
                quoted(m_choice.views, object.name), m_choice.databases[0], m_choice.databases[1]));
    }
}

/// What a run that was killed left behind.
void CurrentViews::drop_leftovers(const std::vector<Existing>& objects)
{
    for (const auto& object : objects) {
        if (is_leftover(object.name))
            drop(object.name);
    }
}

/// One that cannot be dropped now is in nobody's way, and will be dropped the next time.
void CurrentViews::drop(const std::string& name)
{
    try {
        m_session.execute("drop an old view",
                          fmt::format("DROP VIEW IF EXISTS {}", quoted(m_choice.views, name)));
    } catch (const db::Error& failure) {
        spdlog::info("{}", failure.what());
    }
}

void CurrentViews::create(const std::string& name, const std::string& query)
{
    m_session.execute("create a view",
                      fmt::format("CREATE VIEW {} AS {}", quoted(m_choice.views, name), query));
}

void CurrentViews::rename(const std::vector<std::string>& moves)
{
    const std::string statement = "RENAME TABLE " + base::join(moves, ", ");
    for (int attempt = 1;; ++attempt) {
        try {
            m_session.execute("switch the views of " + m_choice.views, statement);
            return;
        } catch (const db::Error& failure) {
            if (failure.number() != db::k_lock_wait_timeout)
                throw;
            if (attempt == k_rename_attempts)
                throw base::Error(fmt::format(
                    "The views of {} cannot be switched: transactions that have read them stay "
                    "open. The copy is complete, but not in use; run slicetool again.",
                    m_choice.views));
        }
    }
}

void CurrentViews::set_none()
{
    create(k_current_view, "SELECT CAST(NULL AS CHAR(64)) AS database_name");
}

/// What is_as_made() will ask for, of views that still have the names of those to come.
std::string CurrentViews::list_made(const std::vector<std::string>& tables)
{
    std::map<std::string, std::string> columns;
    for (const auto& object : existing())
        columns[object.name] = object.columns;
    std::string list;
    for (std::size_t at = 0; at < tables.size(); ++at)
        list += made(tables[at], columns[k_next + std::to_string(at)]);
    return list;
}

/// Makes new views beside the old ones, exchanges all of them at once, drops the old ones.
void CurrentViews::set(const std::string& database)
{
    const auto tables = tables_of(m_session, database);
    const auto objects = existing();
    refuse_foreign(objects, tables);
    drop_leftovers(objects);
    m_session.execute("wait briefly for readers",
                      fmt::format("SET SESSION lock_wait_timeout = {}", k_lock_wait_seconds));
    std::vector<std::string> moves;
    std::size_t number = 0;
    for (const auto& object : objects) {
        if (is_ours(object) && !is_leftover(object.name))
            moves.push_back(fmt::format("{} TO {}", quoted(m_choice.views, object.name),
                                        quoted(m_choice.views, k_old + std::to_string(number++))));
    }
    const std::size_t replaced = number;
    number = 0;
    const auto add = [&](const std::string& name, const std::string& query) {
        const std::string next = k_next + std::to_string(number++);
        create(next, query);
        moves.push_back(
            fmt::format("{} TO {}", quoted(m_choice.views, next), quoted(m_choice.views, name)));
    };
    for (const auto& table : tables)
        add(table, "SELECT * FROM " + quoted(database, table));
    add(k_current_view,
        fmt::format("SELECT {} AS database_name, {} AS views_made", sql::quote_string(database),
                    sql::quote_string(list_made(tables))));
    rename(moves);
    for (std::size_t at = 0; at < replaced; ++at)
        drop(k_old + std::to_string(at));
}

} // namespace slicetool::sync
