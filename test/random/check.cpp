#include "random/check.hpp"

#include "base/error.hpp"
#include "random/render.hpp"
#include "random/told.hpp"
#include "report/words.hpp"
#include "sql/quote.hpp"
#include "sync/pull_schema.hpp"
#include "sync/run.hpp"
#include "sync/undo.hpp"
#include "undo/reader.hpp"
#include "undo/writer.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <numeric>
#include <optional>
#include <unistd.h>

namespace slicetool::search {

using report::Outcome;
using report::SchemaAction;

/// One side: its database, and the sessions that stay open for all cases.
struct Checker::Server
{
    explicit Server(const base::Endpoint& server, const char* which)
        : endpoint(server), name(fmt::format("slicetool_random_{}_{}", which, ::getpid())),
          admin(make_database(name, endpoint)), session(open_session(endpoint)),
          pinned(db::Session::open(endpoint, db::Role::writer))
    {
        before = {admin.query_value("read", "SELECT @@GLOBAL.time_zone").value_or(""),
                  admin.query_value("read", "SELECT @@GLOBAL.sql_mode").value_or("")};
        current = before;
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server()
    {
        try {
            apply(before);
            admin.execute("drop", "DROP DATABASE IF EXISTS " + name);
        } catch (const std::exception& failure) {
            fmt::print(stderr, "{}\n", failure.what());
        }
    }

    static db::Session make_database(const std::string& name, base::Endpoint& endpoint)
    {
        endpoint.database = "information_schema";
        db::Session admin = db::Session::open(endpoint, db::Role::writer);
        run(admin, {"DROP DATABASE IF EXISTS " + name,
                    "CREATE DATABASE " + name + " CHARACTER SET utf8mb4"});
        endpoint.database = name;
        endpoint.name = endpoint.url();
        return admin;
    }

    void apply(const Settings& settings)
    {
        if (settings.time_zone != current.time_zone)
            admin.execute("set", "SET GLOBAL time_zone = " + sql::quote_string(settings.time_zone));
        if (settings.sql_mode != current.sql_mode)
            admin.execute("set", "SET GLOBAL sql_mode = " + sql::quote_string(settings.sql_mode));
        current = settings;
    }

    /// Drops the tables of the case before, and remembers those of this one.
    void drop_tables(const Case& of)
    {
        if (!tables.empty())
            session.execute("drop", "DROP TABLE IF EXISTS " + sql::quote_identifiers(tables));
        tables.clear();
        for (const Table& table : of.tables)
            tables.push_back(table.name);
    }

    base::Endpoint endpoint;
    std::string name;
    db::Session admin;
    db::Session session; ///< as the search needs it
    db::Session pinned;  ///< as pull_schema needs it
    Settings before;
    Settings current;
    std::vector<std::string> tables;
};

namespace {

Side side_of(std::size_t at)
{
    return at == 0 ? Side::up : Side::down;
}

/// A reason without names, numbers and values, to count refusals by.
std::string kind_of_reason(const std::string& reason)
{
    const auto begin = reason.find_first_of(":(");
    std::string kind = begin == std::string::npos ? reason : reason.substr(begin + 1);
    kind.erase(
        std::remove_if(kind.begin(), kind.end(), [](char c) { return c >= '0' && c <= '9'; }),
        kind.end());
    return kind.substr(0, 110);
}

bool is_unique(const Table& table, const Key& key)
{
    return key.shape != Key::Shape::plain && is_live(table, key);
}

/// Another one than that by which rows are told apart.
bool has_second_unique(const Table& table)
{
    const Key* identifying = identifying_key(table);
    return std::any_of(table.keys.begin(), table.keys.end(), [&](const Key& key) {
        return is_unique(table, key) && &key != identifying;
    });
}

/// Unique values that downstream alone takes for the same: a collation that only upstream's family
/// has becomes a similar one.
bool may_be_stricter_downstream(const Case& of, const Table& table)
{
    return !of.families.same() &&
           std::any_of(table.keys.begin(), table.keys.end(), [&](const Key& key) {
               return is_unique(table, key) &&
                      std::any_of(key.columns.begin(), key.columns.end(), [&](std::size_t at) {
                          return table.columns[at].kind == Kind::text;
                      });
           });
}

/// Whether slice may refuse what verify compared: only for what shows in writing.
bool may_be_refused_late(const Case& of, const Table& table)
{
    return may_be_stricter_downstream(of, table) ||
           (of.choices.keep_outside && has_second_unique(table));
}

/// Blocks that are copied whole, of which the rows are not told apart.
bool copies_blocks(const Choices& choices)
{
    return !choices.zoom.empty() && choices.zoom.back() != 1;
}

/// A key that the program passes over.
bool is_no_key(const Column& column)
{
    const bool indexed_with_blanks =
        column.type.compare(0, 5, "CHAR(") == 0 && column.type.find("nopad") != std::string::npos;
    const bool has_sign_element = column.type.compare(0, 4, "SET(") == 0 &&
                                  std::count(column.type.begin(), column.type.end(), ',') >= 63;
    return column.kind == Kind::real32 || column.kind == Kind::real64 || indexed_with_blanks ||
           has_sign_element;
}

/// True where the program tells rows apart by the same key as the independent comparison: by a
/// primary key that it cannot but use, or by none, since there is none.
bool same_key_is_sure(const Case& of, const Table& table)
{
    const Key* key = identifying_key(table);
    if (key == nullptr)
        return std::none_of(table.keys.begin(), table.keys.end(),
                            [&](const Key& one) { return is_unique(table, one); });
    return key->shape == Key::Shape::primary && !may_be_stricter_downstream(of, table) &&
           std::none_of(key->columns.begin(), key->columns.end(),
                        [&](std::size_t at) { return is_no_key(table.columns[at]); });
}

std::vector<std::size_t> all_columns(const Table& table)
{
    std::vector<std::size_t> columns(table.columns.size());
    std::iota(columns.begin(), columns.end(), 0);
    return columns;
}

sync::RunOptions run_options(const Case& of, const char* command, sync::Mode mode)
{
    sync::RunOptions options;
    options.command = command;
    options.mode = mode;
    options.delete_limit.unlimited = true;
    options.allowances.empty_upstream = true;
    options.jobs = of.choices.jobs;
    options.rechecks = mode == sync::Mode::compare && of.choices.recheck ? 3 : 0;
    options.listing.keys = of.choices.list_keys;
    if (of.choices.sha256)
        options.digest = hash::DigestKind::sha256;
    for (const Table& table : of.tables) {
        if (table.dropped)
            continue;
        sync::TableOrder order;
        order.name = table.name;
        sync::TableChoices choices;
        choices.where = where_of(of, table);
        choices.keep_outside = of.choices.keep_outside && !choices.where.empty();
        choices.zoom = of.choices.zoom;
        if (const auto excluded = excluded_column(table))
            choices.excluded.push_back(table.columns[*excluded].name);
        order.steps.push_back(sync::sync_step(std::move(choices)));
        options.tables.push_back(std::move(order));
    }
    return options;
}

/// Runs the program. What it throws, when it ought to tell it of a table, is a finding too.
Told told_by(const Case& of, const char* command, sync::Mode mode, Stage stage,
             const base::Endpoint& up, const base::Endpoint& down, const base::StopToken& stop,
             undo::Writer* undo = nullptr)
{
    Told told;
    try {
        sync::RunOptions options = run_options(of, command, mode);
        options.undo = undo;
        sync::run(up, down, options, told, stop);
    } catch (const std::exception& failure) {
        throw Finding(stage, fmt::format("{} ended with: {}", command, failure.what()));
    }
    return told;
}

std::string counts_text(std::uint64_t missing, std::uint64_t extra, std::uint64_t changed)
{
    return fmt::format("{} missing, {} extra, {} changed", missing, extra, changed);
}

std::string outcome_text(const report::TableResult& result)
{
    return fmt::format("{}{}{}", report::spoken(report::word(result.outcome)),
                       result.reason.empty() ? "" : ": ", result.reason);
}

} // namespace

std::string_view stage_name(Stage stage)
{
    switch (stage) {
    case Stage::create:
        return "create";
    case Stage::pull_schema:
        return "pull_schema";
    case Stage::verify_before:
        return "verify before the slice";
    case Stage::slice:
        return "slice";
    case Stage::contents:
        return "independent comparison after the slice";
    case Stage::verify_after:
        return "verify after the slice";
    case Stage::undo:
        return "undo of the slice";
    }
    return "";
}

Checker::Checker(const base::Endpoint& up, const base::Endpoint& down)
    : m_servers{std::make_unique<Server>(up, "up"), std::make_unique<Server>(down, "down")},
      m_undo_file((std::filesystem::temp_directory_path() /
                   fmt::format("slicetool_random_{}.undo", ::getpid()))
                      .string())
{
}

Checker::~Checker()
{
    std::error_code ignored;
    std::filesystem::remove(m_undo_file, ignored);
}

Families Checker::families() const
{
    return {m_servers[0]->session.server().family, m_servers[1]->session.server().family};
}

void Checker::check(const Case& of, Tally& tally)
{
    m_judged.clear();
    ++tally.cases;
    set_up(of, tally);
    verify_before(of, tally);
    slice(of, tally);
    compare_contents(of);
    verify_after(of);
    take_back(of);
}

/// Tables on both sides, with rows and changes.
void Checker::set_up(const Case& of, Tally& tally)
{
    for (std::size_t at = 0; at < 2; ++at) {
        m_servers[at]->drop_tables(of);
        m_servers[at]->apply(of.settings[at]);
    }
    for (const Table& table : of.tables) {
        if (table.dropped)
            continue;
        ++tally.tables;
        m_judged[table.name].table = &table;
        m_judged[table.name].where = where_of(of, table);
        try {
            m_servers[0]->session.execute("create", create_table(of, table));
        } catch (const db::Error& failure) {
            throw Finding(Stage::create, failure.what());
        }
    }
    pull(of, tally);
    for (std::size_t at = 0; at < 2; ++at) {
        const auto try_all = [&](const std::vector<std::string>& statements) {
            for (const auto& statement : statements) {
                try {
                    m_servers[at]->session.execute("fill", statement);
                } catch (const db::Error& failure) {
                    if (failure.connection_lost())
                        throw;
                    ++tally.rejected;
                }
            }
        };
        const auto exists = [&](const Table& table) {
            return !table.dropped && (at == 0 || m_judged[table.name].pulled);
        };
        for (const Table& table : of.tables) {
            if (at == 1 && exists(table))
                drift(table);
        }
        for (const Table& table : of.tables) {
            if (exists(table))
                try_all(fill_table(table, side_of(at)));
        }
        for (const Change& change : of.changes) {
            const Table& table = of.tables[change.table];
            if (change.side != side_of(at) || !exists(table))
                continue;
            const auto statements = change_table(table, change);
            tally.changes += statements.size();
            try_all(statements);
        }
        for (const Table& table : of.tables) {
            if (exists(table))
                try_all(empty_scope(of, table, side_of(at)));
        }
    }
}

void Checker::drift(const Table& table)
{
    try {
        run(m_servers[1]->session, drift_table(table));
    } catch (const db::Error& failure) {
        throw Finding(Stage::create, failure.what());
    }
}

void Checker::refused(const std::string& table, const std::string& reason, Tally& tally)
{
    m_judged[table].refused = true;
    ++tally.refused;
    ++tally.reasons[kind_of_reason(reason)];
}

void Checker::pull(const Case& of, Tally& tally)
{
    Told told;
    sync::PullSchemaOptions options;
    options.foreign_keys =
        of.choices.foreign_keys ? sql::ForeignKeys::keep : sql::ForeignKeys::leave_out;
    try {
        sync::pull_schema(m_servers[0]->pinned, m_servers[1]->pinned, options, told);
    } catch (const std::exception& failure) {
        throw Finding(Stage::pull_schema, failure.what());
    }
    for (auto& [name, judged] : m_judged) {
        const auto found = told.schemas.find(name);
        if (found == told.schemas.end())
            throw Finding(Stage::pull_schema, fmt::format("nothing was told of table {}", name));
        const auto& result = found->second;
        judged.pulled = result.action == SchemaAction::created;
        if (result.action == SchemaAction::refused && !result.reason.empty())
            refused(name, result.reason, tally);
        else if (!judged.pulled)
            throw Finding(Stage::pull_schema,
                          fmt::format("table {} was not created: {}", name, result.reason));
    }
}

namespace {

/// Downstream's rows that are none of the run's business.
std::string outside_of(const std::string& where)
{
    return fmt::format("NOT COALESCE({}, FALSE)", where);
}

} // namespace

void Checker::verify_before(const Case& of, Tally& tally)
{
    for (auto& [name, judged] : m_judged) {
        if (!judged.pulled)
            continue;
        const bool keeps = of.choices.keep_outside && !judged.where.empty();
        db::Session& down = m_servers[1]->session;
        const auto columns = compared_columns(*judged.table);
        judged.up = read_contents(m_servers[0]->session, of, *judged.table, Side::up, columns,
                                  judged.where);
        judged.down =
            read_contents(down, of, *judged.table, Side::down, columns, keeps ? judged.where : "");
        if (keeps)
            judged.outside = read_contents(down, of, *judged.table, Side::down, columns,
                                           outside_of(judged.where));
        if (const auto excluded = excluded_column(*judged.table))
            judged.carried = read_contents(down, of, *judged.table, Side::down, {*excluded}, "");
        judged.whole =
            read_contents(down, of, *judged.table, Side::down, all_columns(*judged.table), "");
        judged.counts = compare(judged.up, judged.down);
        tally.rows += judged.up.size() + judged.down.size();
        tally.different += judged.counts.all() > 0 ? 1 : 0;
    }
    const Told told = told_by(of, "verify", sync::Mode::compare, Stage::verify_before,
                              m_servers[0]->endpoint, m_servers[1]->endpoint, m_stop);
    for (auto& [name, judged] : m_judged) {
        const auto& result = told.tables.at(name);
        if (result.outcome == Outcome::refused && !result.reason.empty()) {
            if (judged.pulled)
                refused(name, result.reason, tally);
            continue;
        }
        const Counts& counts = judged.counts;
        if (result.outcome != (counts.all() == 0 ? Outcome::equal : Outcome::different))
            throw Finding(Stage::verify_before,
                          fmt::format("table {} is told to be {}\nthere are {}\n{}", name,
                                      outcome_text(result),
                                      counts_text(counts.missing, counts.extra, counts.changed),
                                      first_difference(judged.up, judged.down)));
        const bool same_counts = result.missing == counts.missing && result.extra == counts.extra &&
                                 result.changed == counts.changed;
        if (same_key_is_sure(of, *judged.table) && !same_counts)
            throw Finding(Stage::verify_before,
                          fmt::format("table {} is told to have {}\nthere are {}", name,
                                      counts_text(result.missing, result.extra, result.changed),
                                      counts_text(counts.missing, counts.extra, counts.changed)));
    }
}

void Checker::slice(const Case& of, Tally& tally)
{
    std::filesystem::remove(m_undo_file);
    undo::Header header;
    header.run = "random";
    undo::Writer writer(m_undo_file, header, {});
    const Told told = told_by(of, "slice", sync::Mode::make_equal, Stage::slice,
                              m_servers[0]->endpoint, m_servers[1]->endpoint, m_stop, &writer);
    for (auto& [name, judged] : m_judged) {
        const auto& result = told.tables.at(name);
        if (result.outcome == Outcome::refused && !result.reason.empty()) {
            // What only writing shows: unique values that collide downstream alone.
            if (!judged.refused && !may_be_refused_late(of, *judged.table))
                throw Finding(Stage::slice,
                              fmt::format("table {} was verified, and then refused: {}", name,
                                          result.reason));
            if (!judged.refused)
                refused(name, result.reason, tally);
            continue;
        }
        const Counts& counts = judged.counts;
        if (judged.refused ||
            result.outcome != (counts.all() == 0 ? Outcome::equal : Outcome::made_equal))
            throw Finding(Stage::slice,
                          fmt::format("table {} is told to be {}", name, outcome_text(result)));
        const bool exactly =
            result.copied == counts.missing + counts.changed && result.deleted == counts.extra;
        if (same_key_is_sure(of, *judged.table) && !copies_blocks(of.choices) && !exactly)
            throw Finding(Stage::slice,
                          fmt::format("table {}: {} rows were copied and {} deleted\nthere were {}",
                                      name, result.copied, result.deleted,
                                      counts_text(counts.missing, counts.extra, counts.changed)));
    }
}

void Checker::compare_contents(const Case& of)
{
    for (const auto& [name, judged] : m_judged) {
        if (!judged.pulled)
            continue;
        const bool keeps = of.choices.keep_outside && !judged.where.empty();
        const auto columns = compared_columns(*judged.table);
        const auto up = read_contents(m_servers[0]->session, of, *judged.table, Side::up, columns,
                                      judged.where);
        if (up != judged.up)
            throw Finding(Stage::contents, fmt::format("table {} has changed upstream", name));
        const auto down = read_contents(m_servers[1]->session, of, *judged.table, Side::down,
                                        columns, keeps ? judged.where : "");
        if (judged.refused) {
            if (down != judged.down && !may_be_refused_late(of, *judged.table))
                throw Finding(Stage::contents,
                              fmt::format("table {} was refused, and yet written to\n{}", name,
                                          first_difference(judged.down, down)));
            continue;
        }
        if (up != down)
            throw Finding(Stage::contents, fmt::format("table {} differs after the slice\n{}", name,
                                                       first_difference(up, down)));
        if (!same_key_is_sure(of, *judged.table) || has_second_unique(*judged.table))
            continue;
        if (keeps)
            check_outside(of, judged);
        if (excluded_column(*judged.table) && identifying_key(*judged.table) != nullptr)
            check_carried(of, judged);
    }
}

namespace {

bool holds_key(const Contents& contents, const std::string& key)
{
    const auto found = std::lower_bound(contents.begin(), contents.end(), RowImage{key, ""});
    return found != contents.end() && found->key == key;
}

/// What was there and is there no more.
Contents lost(const Contents& before, const Contents& after)
{
    Contents images;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(images));
    return images;
}

} // namespace

/// Rows outside of `where` may go only where they stand under the key of a row to be copied.
void Checker::check_outside(const Case& of, const Judged& judged)
{
    const auto now = read_contents(m_servers[1]->session, of, *judged.table, Side::down,
                                   compared_columns(*judged.table), outside_of(judged.where));
    for (const RowImage& image : lost(judged.outside, now)) {
        if (!holds_key(judged.up, image.key))
            throw Finding(Stage::contents,
                          fmt::format("table {} lost a row outside of its where\n{}",
                                      judged.table->name, image.row));
    }
}

/// Rows that stay, or are written anew under the same key, keep their value of the excluded column.
void Checker::check_carried(const Case& of, const Judged& judged)
{
    const auto now = read_contents(m_servers[1]->session, of, *judged.table, Side::down,
                                   {*excluded_column(*judged.table)}, "");
    for (const RowImage& image : lost(judged.carried, now)) {
        if (holds_key(judged.up, image.key) && holds_key(judged.down, image.key))
            throw Finding(Stage::contents,
                          fmt::format("table {} lost a value of the excluded column\n{} {}",
                                      judged.table->name, image.key, image.row));
    }
}

void Checker::verify_after(const Case& of)
{
    const Told told = told_by(of, "verify", sync::Mode::compare, Stage::verify_after,
                              m_servers[0]->endpoint, m_servers[1]->endpoint, m_stop);
    for (const auto& [name, judged] : m_judged) {
        const auto& result = told.tables.at(name);
        if (!judged.refused && result.outcome != Outcome::equal)
            throw Finding(Stage::verify_after,
                          fmt::format("table {} is told to be {}", name, outcome_text(result)));
    }
}

/// Nobody has written to downstream since the slice: undo brings back every bit, and another undo
/// changes nothing.
void Checker::take_back(const Case& of)
{
    if (!std::filesystem::exists(m_undo_file))
        return;
    take_back_once(of);
    take_back_once(of);
}

void Checker::take_back_once(const Case& of)
{
    Told told;
    try {
        const undo::Reader file(m_undo_file);
        const auto summary = sync::undo(m_servers[1]->endpoint, file, {}, told, m_stop);
        if (summary.exit_status() != 0)
            throw Finding(Stage::undo, fmt::format("{} rows and {} tables were refused",
                                                   summary.refused_rows, summary.failed_tables));
    } catch (const base::Error& failure) {
        throw Finding(Stage::undo, failure.what());
    }
    for (const auto& [name, judged] : m_judged) {
        if (!judged.pulled)
            continue;
        const auto now = read_contents(m_servers[1]->session, of, *judged.table, Side::down,
                                       all_columns(*judged.table), "");
        if (now != judged.whole)
            throw Finding(Stage::undo, fmt::format("table {} is not what it was\n{}", name,
                                                   first_difference(judged.whole, now)));
    }
}

} // namespace slicetool::search
