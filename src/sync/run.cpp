#include "sync/run.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "base/text.hpp"
#include "db/grant_advice.hpp"
#include "db/schema.hpp"
#include "sql/quote.hpp"
#include "sync/foreign_keys.hpp"
#include "sync/job_check.hpp"
#include "sync/run_lock.hpp"
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
    std::string snapshot; ///< what the readers see, in words
    std::string weakness; ///< of the snapshot; may be empty
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
        writers.push_back(db::Session::open(downstream, role));
    Workers workers{{}, std::move(snapshot.description), std::move(snapshot.weakness)};
    for (std::size_t at = 0; at < writers.size(); ++at)
        workers.pairs.emplace_back(std::move(snapshot.readers[at]), std::move(writers[at]), role);
    return workers;
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

/// See StepContext::snapshot_time. Asked for a moment after the snapshot was taken.
std::string time_for_lite(const std::vector<TableOrder>& orders, const RunOptions& options,
                          db::Session& upstream)
{
    const bool lite = std::any_of(orders.begin(), orders.end(), [&](const TableOrder& order) {
        const auto steps = steps_of(order, options);
        return std::any_of(steps.begin(), steps.end(),
                           [](const Step& step) { return step.kind == StepKind::lite; });
    });
    if (!lite)
        return "";
    return upstream.query_value("ask for the time", "SELECT UTC_TIMESTAMP(6)").value_or("");
}

std::map<std::string, sql::Table> definitions(db::Session& session,
                                              const std::vector<std::string>& names)
{
    std::map<std::string, sql::Table> tables;
    for (auto& table : db::read_tables(session, names))
        tables.emplace(table.name, std::move(table));
    return tables;
}

const sql::Table* find(const std::map<std::string, sql::Table>& tables, const std::string& name)
{
    const auto found = tables.find(name);
    return found == tables.end() ? nullptr : &found->second;
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
    auto [workers, snapshot, weakness] =
        open_workers(upstream, downstream, writes ? db::Role::writer : db::Role::reader,
                     std::max<std::size_t>(1, options.jobs));
    const auto lock = locking.valid() ? locking.get() : nullptr;
    base::at(base::Stage::connected);
    SessionPair& first = workers.front();
    refuse_same_database(first.upstream(), first.downstream());
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
                          static_cast<int>(workers.size()), options.dry_run, snapshot});
    if (!weakness.empty())
        reporter.note("", report::Severity::warning, weakness);

    JobTables tables;
    tables.known = db::list_tables(first.upstream());
    tables.orders = tables_to_do(options, tables.known, first.upstream());
    const auto& orders = tables.orders;
    const std::string snapshot_time = time_for_lite(orders, options, first.upstream());
    std::vector<std::string> names;
    for (const auto& order : orders)
        names.push_back(order.name);
    std::tie(tables.upstream, tables.downstream) =
        first.both([&](db::Session& session) { return definitions(session, names); },
                   [&](db::Session& session) { return definitions(session, names); });
    const auto& [up, down] = std::tie(tables.upstream, tables.downstream);
    base::at(base::Stage::definitions_read);
    check_job(tables, options, first);
    if (options.check_only) {
        reporter.note("", report::Severity::info,
                      fmt::format("Both servers take what is said of {}.",
                                  base::count_of(orders.size(), "table", "tables")));
        return {};
    }
    RunSummary summary;
    std::vector<const sql::Table*> written;
    for (const auto& order : orders) {
        if (lock)
            lock->check();
        const auto result = run_table(order, find(up, order.name), find(down, order.name), options,
                                      digest, workers, snapshot_time, reporter, stop);
        reporter.table_finished(result);
        base::at(base::Stage::table_finished);
        count(summary, result.outcome);
        if (result.copied + result.deleted > 0)
            written.push_back(find(down, order.name));
    }
    for (const auto& sentence : dangling_references(first.downstream(), written))
        reporter.note("", report::Severity::warning, sentence);
    return summary;
}

} // namespace slicetool::sync
