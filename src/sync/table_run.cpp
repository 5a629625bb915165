#include "sync/table_run.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "base/text.hpp"
#include "db/schema.hpp"
#include "sync/charsets.hpp"
#include "sync/difference_listing.hpp"
#include "sync/keyless.hpp"
#include "sync/null_rows.hpp"
#include "sync/reads.hpp"
#include "sync/recheck.hpp"
#include "sync/stricter_keys.hpp"
#include "sync/write_privileges.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <fmt/format.h>
#include <thread>

namespace slicetool::sync {

namespace {

using Clock = std::chrono::steady_clock;

/// Bytes and statements of all workers, to be subtracted.
struct Traffic
{
    std::uint64_t bytes_upstream = 0;
    std::uint64_t bytes_downstream = 0;
    std::uint64_t statements_upstream = 0;
    std::uint64_t statements_downstream = 0;
};

Traffic traffic(std::vector<SessionPair>& workers)
{
    Traffic sum;
    for (auto& worker : workers) {
        const auto [up, down] =
            worker.both([](db::Session& session) { return session.bytes_received(); },
                        [](db::Session& session) { return session.bytes_received(); });
        sum.bytes_upstream += up;
        sum.bytes_downstream += down;
        sum.statements_upstream += worker.upstream().statements();
        sum.statements_downstream += worker.downstream().statements();
    }
    return sum;
}

SideLimits limits_of(const db::Session& session)
{
    const db::Server& server = session.server();
    return {std::min(server.group_concat_max_len, server.max_allowed_packet),
            server.max_allowed_packet};
}

TableBounds read_bounds(const TablePair& pair, std::uint64_t estimated_rows, SessionPair& sessions)
{
    TableBounds bounds;
    bounds.estimated_rows = estimated_rows;
    struct Ends
    {
        std::optional<KeyTuple> first;
        std::optional<KeyTuple> last;
    };
    const auto ends = [](db::Session& session, const TableSide& side) {
        Ends found;
        db::Result rows =
            session.query("find the first and last key of " + side.name, build_extreme_keys(side));
        while (rows.next())
            (rows.number(0) == 0 ? found.first : found.last) = key_from(rows, side, 1);
        return found;
    };
    auto [up, down] = sessions.both(
        [&](db::Session& session) {
            return read_key(session, pair.upstream, "find the first key of " + pair.upstream.name,
                            build_first_key(pair.upstream));
        },
        [&](db::Session& session) { return ends(session, pair.downstream); });
    bounds.upstream_first = std::move(up);
    bounds.downstream_first = std::move(down.first);
    bounds.downstream_last = std::move(down.last);
    return bounds;
}

/// SHOW CREATE TABLE without the next AUTO_INCREMENT, which rises as rows come.
std::string without_counter(std::string statement)
{
    static constexpr std::string_view k_option = " AUTO_INCREMENT=";
    for (std::size_t at = 0; (at = statement.find(k_option, at)) != std::string::npos;) {
        const std::size_t end = statement.find_first_not_of("0123456789", at + k_option.size());
        statement.erase(at, std::min(end, statement.size()) - at);
    }
    return statement;
}

/// To be called when upstream's session has read the table: from then on its transaction keeps the
/// table from being altered. Most changes made since the definition was read are errors by
/// themselves (the snapshot is older than the table); this finds the others, such as a column that
/// was added at once.
void require_unaltered(const sql::Table& planned, db::Session& upstream)
{
    const auto now = db::read_create_statement(upstream, planned.name);
    if (!now || without_counter(*now) != without_counter(planned.create_statement))
        throw base::Error(fmt::format("Table {}: upstream's definition is another one than when "
                                      "this run began. Nothing of the table was written.",
                                      planned.name));
}

/// Lets every worker scan; throws the first real failure.
void scan_with_all(Scan& scan, std::vector<SessionPair>& workers)
{
    std::vector<std::exception_ptr> failures(workers.size());
    const auto work = [&](std::size_t at) {
        try {
            at == 0 ? scan.work(workers[at]) : scan.help(workers[at]);
        } catch (...) {
            failures[at] = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t at = 1; at < workers.size(); ++at)
        threads.emplace_back([&, at] {
            const db::ThreadGuard guard;
            work(at);
        });
    work(0);
    for (auto& thread : threads)
        thread.join();
    std::exception_ptr interrupted;
    for (const auto& failure : failures) {
        if (!failure)
            continue;
        try {
            std::rethrow_exception(failure);
        } catch (const base::Interrupted&) {
            interrupted = failure; // another worker's failure is the reason, if there is one
        }
    }
    if (interrupted)
        std::rethrow_exception(interrupted);
}

void fill(report::TableResult& result, const ScanTotals& totals)
{
    result.rows = totals.rows;
    result.missing = totals.missing;
    result.extra = totals.extra;
    result.changed = totals.changed;
    result.copied = totals.copied;
    result.deleted = totals.deleted;
    result.ranges = totals.ranges;
    result.zoomed_ranges = totals.zoomed_ranges;
}

report::Outcome outcome_of(const report::TableResult& result, Mode mode)
{
    if (result.differing() == 0)
        return report::Outcome::equal;
    return mode == Mode::make_equal ? report::Outcome::made_equal : report::Outcome::different;
}

/// One table's work; its members are what the steps hand on.
class TableRun
{
public:
    TableRun(const TableOrder& order, const RunOptions& options, std::vector<SessionPair>& workers,
             report::Reporter& reporter, const base::StopToken& stop)
        : m_order(order), m_options(options), m_workers(workers), m_reporter(reporter), m_stop(stop)
    {
    }

    void scan(const sql::Table* upstream, const sql::Table* downstream, hash::DigestKind digest,
              report::TableResult& result);

private:
    void check_definitions(const sql::Table* upstream, const sql::Table* downstream) const;
    ScanOptions scan_options() const;
    void scan_keyless(const TablePair& pair, const sql::Table& upstream,
                      std::uint64_t estimated_rows, report::TableResult& result);
    void scan_by_key(const TablePair& pair, const sql::Table& upstream,
                     report::TableResult& result);
    void recheck(const TablePair& pair, const HeldDifferences& held, report::TableResult& result);
    void list(const TablePair& pair, const RangeDifference& difference,
              SessionPair& sessions) const;

    const TableOrder& m_order;
    const RunOptions& m_options;
    std::vector<SessionPair>& m_workers;
    report::Reporter& m_reporter;
    const base::StopToken& m_stop;
};

void TableRun::check_definitions(const sql::Table* upstream, const sql::Table* downstream) const
{
    if (upstream == nullptr)
        throw base::Refusal(fmt::format("There is no table {} upstream.", m_order.name));
    if (downstream == nullptr)
        throw base::Refusal(fmt::format(
            "There is no table {} downstream: create it with pull_schema first.", m_order.name));
    if (m_options.mode == Mode::make_equal) {
        refuse_table(*upstream, *downstream, m_options.allowances);
        refuse_columns_without_value(*downstream, m_order.choices.excluded);
        refuse_missing_privileges(m_workers[0].downstream(), *downstream);
        refuse_unseen_triggers(m_workers[0].downstream(), *downstream, m_options.allowances);
    }
    if (!upstream->is_transactional())
        m_reporter.note(m_order.name, report::Severity::warning,
                        fmt::format("Upstream's table has the engine {}, which takes no part in "
                                    "the snapshot: rows that change "
                                    "during the run are seen as they are at that moment.",
                                    upstream->engine));
    if (m_options.mode == Mode::make_equal && !downstream->is_transactional())
        m_reporter.note(m_order.name, report::Severity::warning,
                        fmt::format("Downstream's table has the engine {}, which cannot roll back: "
                                    "after a failure, run slicetool "
                                    "again.",
                                    downstream->engine));
}

void TableRun::scan(const sql::Table* upstream, const sql::Table* downstream,
                    hash::DigestKind digest, report::TableResult& result)
{
    check_definitions(upstream, downstream);
    m_reporter.table_started(m_order.name, upstream->estimated_rows);
    const TablePair pair =
        plan_table_pair(*upstream, *downstream, m_order.choices, digest,
                        limits_of(m_workers[0].upstream()), limits_of(m_workers[0].downstream()));
    for (const auto& note : pair.notes)
        m_reporter.note(m_order.name, report::Severity::info, note);
    refuse_lossy_conversion(pair, m_workers[0]);
    if (m_options.mode == Mode::make_equal) {
        for (auto& worker : m_workers)
            worker.set_downstream_strict(pair.has_enumeration ? db::Strict::no : db::Strict::yes);
        refuse_nulls(m_workers[0].upstream(), pair);
        refuse_collisions(m_workers[0].upstream(), pair, *upstream, *downstream);
    }
    if (pair.keyless)
        scan_keyless(pair, *upstream,
                     std::max(upstream->estimated_rows, downstream->estimated_rows), result);
    else
        scan_by_key(pair, *upstream, result);
    result.outcome = outcome_of(result, m_options.mode);
}

ScanOptions TableRun::scan_options() const
{
    return {m_options.mode, m_options.listing,
            m_order.delete_limit.value_or(m_options.delete_limit), m_options.rechecks > 0};
}

void TableRun::scan_keyless(const TablePair& pair, const sql::Table& upstream,
                            std::uint64_t estimated_rows, report::TableResult& result)
{
    refuse_large_keyless(m_order.name, estimated_rows);
    m_workers[0].upstream().query_value(
        "open " + pair.upstream.name,
        fmt::format("SELECT EXISTS (SELECT 1 FROM {})", pair.upstream.from));
    require_unaltered(upstream, m_workers[0].upstream());
    fill(result, run_keyless(pair, estimated_rows, scan_options(), m_options.allowances,
                             m_workers[0], m_reporter, m_stop));
}

void TableRun::scan_by_key(const TablePair& pair, const sql::Table& upstream,
                           report::TableResult& result)
{
    const TableBounds bounds = read_bounds(pair, upstream.estimated_rows, m_workers[0]);
    require_unaltered(upstream, m_workers[0].upstream());
    base::at(base::Stage::table_planned);
    if (m_options.mode == Mode::make_equal)
        refuse_empty_upstream(m_order.name, bounds.upstream_first.has_value(),
                              bounds.downstream_last.has_value(), m_options.allowances);
    Scan scan(pair, bounds, scan_options(), m_reporter, m_stop);
    try {
        scan_with_all(scan, m_workers);
    } catch (...) {
        fill(result, scan.totals());
        throw;
    }
    fill(result, scan.totals());
    if (m_options.rechecks > 0 && result.differing() > 0)
        recheck(pair, scan.held(), result);
}

/// Separates what stays different from what was in flight, and tells what the scan held back.
void TableRun::recheck(const TablePair& pair, const HeldDifferences& held,
                       report::TableResult& result)
{
    SessionPair& first = m_workers[0];
    if (!held.complete()) {
        m_reporter.note(m_order.name, report::Severity::info,
                        "Too many rows differ for a second look at each of them.");
        for (const auto& difference : held.differences())
            list(pair, difference, first);
        return;
    }
    Recheck later(pair, first.upstream().endpoint(), first.downstream().endpoint(), m_stop);
    const Rechecked rechecked = later.run(held.differences(), m_options.rechecks);
    result.in_flight = rechecked.in_flight;
    result.missing = rechecked.remaining.missing.size();
    result.extra = rechecked.remaining.extra.size();
    result.changed = rechecked.remaining.changed.size();
    if (rechecked.in_flight > 0)
        m_reporter.note(m_order.name, report::Severity::info,
                        fmt::format("{} differed at the first look and {} equal at a later one: "
                                    "changes were in flight.",
                                    base::count_of(rechecked.in_flight, "row", "rows"),
                                    rechecked.in_flight == 1 ? "was" : "were"));
    list(pair, rechecked.remaining, later.sessions());
}

void TableRun::list(const TablePair& pair, const RangeDifference& difference,
                    SessionPair& sessions) const
{
    if (m_options.listing.keys)
        list_difference(pair, difference, m_options.listing, sessions, m_reporter);
}

} // namespace

report::TableResult run_table(const TableOrder& order, const sql::Table* upstream,
                              const sql::Table* downstream, const RunOptions& options,
                              hash::DigestKind digest, std::vector<SessionPair>& workers,
                              report::Reporter& reporter, const base::StopToken& stop)
{
    report::TableResult result;
    result.table = order.name;
    if (order.skip) {
        result.outcome = report::Outcome::skipped;
        result.reason = "The config says skip.";
        return result;
    }
    const auto start = Clock::now();
    const Traffic before = traffic(workers);
    const auto ended = [&](report::Outcome outcome, const std::exception& why) {
        result.outcome = outcome;
        result.reason = why.what();
    };
    try {
        TableRun(order, options, workers, reporter, stop)
            .scan(upstream, downstream, digest, result);
    } catch (const base::Interrupted&) {
        result.outcome = report::Outcome::failed;
        result.reason =
            "Interrupted before the end; what was committed is proven. Run it again to go on.";
        result.elapsed = Clock::now() - start;
        reporter.table_finished(result);
        throw;
    } catch (const base::Refusal& refusal) {
        ended(report::Outcome::refused, refusal);
    } catch (const db::Error& failure) {
        ended(report::Outcome::failed, failure);
        if (failure.definition_changed())
            result.reason +=
                " The table was altered, replaced or dropped after this run had begun: "
                "run slicetool again.";
    } catch (const std::exception& failure) {
        ended(report::Outcome::failed, failure);
    }
    result.elapsed = Clock::now() - start;
    try {
        const Traffic after = traffic(workers);
        result.bytes_upstream = after.bytes_upstream - before.bytes_upstream;
        result.bytes_downstream = after.bytes_downstream - before.bytes_downstream;
        result.statements_upstream = after.statements_upstream - before.statements_upstream;
        result.statements_downstream = after.statements_downstream - before.statements_downstream;
    } catch (const db::Error& failure) {
        if (result.reason.empty())
            ended(report::Outcome::failed, failure);
        reporter.table_finished(result);
        throw;
    }
    return result;
}

} // namespace slicetool::sync
