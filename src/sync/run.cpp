#include "sync/run.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "base/text.hpp"
#include "db/grant_advice.hpp"
#include "db/schema.hpp"
#include "sql/quote.hpp"
#include "sync/dangling.hpp"
#include "sync/follow.hpp"
#include "sync/foreign_keys.hpp"
#include "sync/job_check.hpp"
#include "sync/mask_probe.hpp"
#include "sync/run_lock.hpp"
#include "sync/same_server.hpp"
#include "sync/snapshot.hpp"
#include "sync/steps.hpp"
#include "sync/table_run.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <map>
#include <memory>
#include <tuple>

namespace slicetool::sync {

namespace {

struct Workers
{
    std::vector<SessionPair> pairs;
    std::string snapshot_time; ///< see StepContext
    std::string snapshot;      ///< what the readers see, in words
    std::string weakness;      ///< of the snapshot; may be empty
};

/// Connects to both servers at the same time: over a slow link each connection takes several round
/// trips.
Workers open_workers(const base::Endpoint& upstream, const base::Endpoint& downstream,
                     db::Role role, std::size_t wanted)
{
    auto first_writer = std::async(std::launch::async, [&] {
        const db::ThreadGuard guard;
        return db::Session::open(downstream, role);
    });
    Snapshot snapshot = open_snapshot(upstream, wanted);
    std::vector<db::Session> writers;
    writers.push_back(first_writer.get());
    // The snapshot may do with fewer readers than wanted.
    while (writers.size() < snapshot.readers.size())
        writers.push_back(open_beside(writers.front(), role));
    Workers workers{{},
                    std::move(snapshot.time_before),
                    std::move(snapshot.description),
                    std::move(snapshot.weakness)};
    for (std::size_t at = 0; at < writers.size(); ++at)
        workers.pairs.emplace_back(std::move(snapshot.readers[at]), std::move(writers[at]), role);
    return workers;
}

/// Finds out whether one server has both sides of every worker.
void find_one_server(std::vector<SessionPair>& workers)
{
    const bool one = std::all_of(workers.begin(), workers.end(), [](SessionPair& pair) {
        return same_server(pair.upstream(), pair.downstream()) == SameServer::yes;
    });
    for (auto& pair : workers)
        pair.set_one_server(one);
}

hash::DigestKind choose_digest(std::optional<hash::DigestKind> wanted, SessionPair& pair)
{
    const bool both_have_md5 =
        pair.upstream().server().has_md5 && pair.downstream().server().has_md5;
    if (wanted == hash::DigestKind::md5 && !both_have_md5) {
        const bool up = pair.upstream().server().has_md5;
        throw base::Refusal(
            fmt::format("{} has no MD5() (MySQL 9.6 and later need INSTALL COMPONENT "
                        "'file://component_classic_hashing'): use --digest sha256 or auto.",
                        (up ? pair.downstream() : pair.upstream()).endpoint().describe()));
    }
    return wanted.value_or(both_have_md5 ? hash::DigestKind::md5 : hash::DigestKind::sha256);
}

void require_known(const std::vector<std::string>& wanted, const std::vector<std::string>& known,
                   const db::Session& upstream)
{
    for (const auto& name : wanted) {
        if (std::find(known.begin(), known.end(), name) != known.end())
            continue;
        const auto meant = base::nearest(name, known);
        const std::string hint =
            meant ? fmt::format("; did you mean {}?", *meant)
                  : fmt::format(". If it is there, the user may not see it; an administrator can "
                                "allow it there: GRANT SELECT ON {}.{} TO {}.",
                                sql::quote_identifier(upstream.endpoint().database),
                                sql::quote_identifier(name),
                                db::quoted_account(upstream.server().account));
        throw base::UsageError(
            fmt::format("{} has no table {}{}", upstream.endpoint().describe(), name, hint));
    }
}

/// Those that a config names are looked for by check_job.
std::vector<TableOrder> tables_to_do(const RunOptions& options,
                                     const std::vector<std::string>& known,
                                     const db::Session& upstream)
{
    std::vector<TableOrder> orders = options.tables;
    std::vector<std::string> named;
    for (const auto& order : orders) {
        if (order.place.empty() && reads_upstream(steps_of(order, options)))
            named.push_back(order.name);
    }
    require_known(named, known, upstream);
    require_known(options.exclude, known, upstream);
    if (orders.empty()) {
        for (const auto& name : known)
            orders.push_back({name, {}, std::nullopt, ""});
    }
    std::erase_if(orders, [&](const TableOrder& order) {
        return std::find(options.exclude.begin(), options.exclude.end(), order.name) !=
               options.exclude.end();
    });
    return orders;
}

std::map<std::string, sql::Table> definitions(db::Session& session,
                                              const std::vector<std::string>& names)
{
    std::map<std::string, sql::Table> tables;
    for (auto& table : db::read_tables(session, names))
        tables.emplace(table.name, std::move(table));
    return tables;
}

/// After statements that may have altered the table.
void read_anew(std::map<std::string, sql::Table>& tables, db::Session& session,
               const std::string& name)
{
    tables.erase(name);
    if (auto table = db::read_table(session, name))
        tables.emplace(table->name, std::move(*table));
}

template<class Named>
std::vector<std::string> names_of(const std::vector<Named>& all)
{
    std::vector<std::string> names;
    for (const auto& each : all)
        names.push_back(each.name);
    return names;
}

/// The references that no foreign key downstream stands for: those are checked by it.
std::vector<Reference> undeclared(std::vector<Reference> references,
                                  const std::map<std::string, sql::Table>& downstream)
{
    std::erase_if(references, [&](const Reference& reference) {
        const auto child = downstream.find(reference.child);
        return child != downstream.end() &&
               std::any_of(child->second.foreign_keys.begin(), child->second.foreign_keys.end(),
                           [&](const sql::ForeignKey& key) {
                               return key.columns == reference.child_columns &&
                                      key.referenced_table == reference.parent;
                           });
    });
    return references;
}

const sql::Table* find(const std::map<std::string, sql::Table>& tables, const std::string& name)
{
    const auto found = tables.find(name);
    return found == tables.end() ? nullptr : &found->second;
}

/// Those of the tables that are there.
std::vector<const sql::Table*> found(const std::map<std::string, sql::Table>& tables,
                                     const std::vector<std::string>& names)
{
    std::vector<const sql::Table*> there;
    for (const auto& name : names) {
        if (const sql::Table* table = find(tables, name))
            there.push_back(table);
    }
    return there;
}

void count(RunSummary& summary, report::Outcome outcome)
{
    switch (outcome) {
    case report::Outcome::equal:
        ++summary.equal;
        break;
    case report::Outcome::made_equal:
        ++summary.made_equal;
        break;
    case report::Outcome::resumed:
        ++summary.resumed;
        break;
    case report::Outcome::lite:
        ++summary.lite;
        break;
    case report::Outcome::done:
        ++summary.done;
        break;
    case report::Outcome::different:
        ++summary.different;
        break;
    case report::Outcome::skipped:
        ++summary.skipped;
        break;
    case report::Outcome::refused:
        ++summary.refused;
        break;
    case report::Outcome::failed:
        ++summary.failed;
        break;
    }
}

} // namespace

int RunSummary::exit_status() const
{
    if (refused > 0 || failed > 0)
        return 2;
    return different > 0 ? 1 : 0;
}

RunSummary run(const base::Endpoint& upstream, const base::Endpoint& downstream,
               const RunOptions& options, report::Reporter& reporter, const base::StopToken& stop)
{
    const bool writes = options.mode == Mode::make_equal;
    std::future<std::unique_ptr<RunLock>> locking;
    if (writes)
        refuse_protected(downstream);
    if (writes && !options.check_only)
        locking = std::async(std::launch::async, [&downstream] {
            const db::ThreadGuard guard;
            return std::make_unique<RunLock>(downstream);
        });
    auto [workers, snapshot_time, snapshot, weakness] =
        open_workers(upstream, downstream, writes ? db::Role::writer : db::Role::reader,
                     std::max<std::size_t>(1, options.jobs));
    const auto lock = locking.valid() ? locking.get() : nullptr;
    base::at(base::Stage::connected);
    SessionPair& first = workers.front();
    if (lock)
        refuse_other_server(first.downstream(), lock->session());
    refuse_same_database(first.upstream(), first.downstream());
    if (writes && options.local)
        find_one_server(workers);
    if (writes)
        refuse_unwritable(first.downstream(), options.allowances);
    const hash::DigestKind digest = choose_digest(options.digest, first);
    if (options.undo != nullptr)
        options.undo->set_origin(first.downstream().server().identity,
                                 database_of(first.downstream()),
                                 std::string(hash::digest_name(digest)), hash::k_encoding_version);
    reporter.run_started({options.command, upstream.describe(), downstream.describe(),
                          first.upstream().server().version, first.downstream().server().version,
                          std::string(hash::digest_name(digest)), hash::k_encoding_version,
                          static_cast<int>(workers.size()), options.dry_run, snapshot,
                          first.upstream().server().identity,
                          first.downstream().server().identity});
    const auto pace = std::make_shared<Pace>(options.load, upstream, downstream, reporter, stop);
    if (!options.check_only)
        pace->rest(); // what cannot be asked of the servers is found before anything is written
    for (auto& worker : workers)
        worker.keep_pace(pace);
    if (!weakness.empty())
        reporter.note("", report::Severity::warning, weakness);

    JobTables tables;
    tables.known = db::list_tables(first.upstream());
    tables.orders = tables_to_do(options, tables.known, first.upstream());
    auto& orders = tables.orders;
    for (const auto& order : orders) {
        for (const auto& step : order.steps)
            require_mask_key(upstream, order.name, step.choices.masks);
    }
    const FollowOptions follow = with_tables(options.follow, orders);
    std::tie(tables.upstream, tables.downstream) = first.both(
        [&](db::Session& session) { return definitions(session, names_of(follow.tables)); },
        [&](db::Session& session) { return definitions(session, names_of(orders)); });
    const auto& [up, down] = std::tie(tables.upstream, tables.downstream);
    base::at(base::Stage::definitions_read);
    check_job(tables, options, first);
    std::vector<Reference> followed;
    if (follow.active())
        followed = follow_references(follow, up, first.upstream(), orders, reporter);
    if (options.check_only) {
        reporter.note("", report::Severity::info,
                      fmt::format("Both servers take what is said of {}.",
                                  base::count_of(orders.size(), "table", "tables")));
        return {};
    }
    RunSummary summary;
    std::vector<std::string> written;
    bool statements_have_run = false;
    for (const auto& order : orders) {
        if (lock)
            lock->check();
        if (statements_have_run)
            read_anew(tables.downstream, first.downstream(), order.name);
        const auto result =
            run_table(order, find(up, order.name), find(down, order.name), options, digest, workers,
                      snapshot_time, statements_have_run, reporter, stop);
        reporter.table_finished(result);
        base::at(base::Stage::table_finished);
        count(summary, result.outcome);
        statements_have_run =
            statements_have_run || (writes && runs_statements(steps_of(order, options)));
        if (result.copied + result.deleted > 0)
            written.push_back(order.name);
    }
    if (statements_have_run) {
        for (const auto& name : written)
            read_anew(tables.downstream, first.downstream(), name);
    }
    for (const auto& sentence : dangling_references(first.downstream(), found(down, written)))
        reporter.note("", report::Severity::warning, sentence);
    if (!written.empty())
        tell_dangling(first.downstream(), undeclared(followed, down), written, reporter);
    return summary;
}

} // namespace slicetool::sync
