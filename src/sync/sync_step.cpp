#include "sync/sync_step.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/keyless.hpp"
#include "sync/local_copy.hpp"
#include "sync/resume.hpp"
#include "sync/second_look.hpp"
#include "sync/table_bounds.hpp"
#include "sync/table_watermarks.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <thread>

namespace slicetool::sync {

namespace {

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

void fill(report::TableResult& result, const ScanTotals& totals,
          std::vector<report::DensityBucket> density = {})
{
    result.rows = totals.rows;
    result.missing = totals.missing;
    result.extra = totals.extra;
    result.changed = totals.changed;
    result.copied = totals.copied;
    result.deleted = totals.deleted;
    result.ranges = totals.ranges;
    result.zoomed_ranges = totals.zoomed_ranges;
    result.density = std::move(density);
}

/// One comparison; its members are what its parts hand on.
class SyncStep
{
public:
    explicit SyncStep(const StepContext& context) : m_context(context) {}

    void run(const TableChoices& choices, report::TableResult& result);

private:
    LocalCopy plan_local(const TablePair& pair) const;
    ScanOptions scan_options() const;
    void remember(const TablePair& pair);
    void tell_resumed(const TablePair& pair, report::TableResult& result) const;
    void scan_keyless(const TablePair& pair, std::uint64_t estimated_rows,
                      report::TableResult& result);
    void scan_by_key(const TablePair& pair, report::TableResult& result);

    const StepContext& m_context;
    std::optional<ProvenBefore> m_before; ///< what is not looked at again
    std::unique_ptr<ProvenChain> m_chain; ///< of what is proven; null: nobody remembers it
};

void SyncStep::run(const TableChoices& choices, report::TableResult& result)
{
    TablePair pair = plan_step(m_context, choices);
    if (m_context.sessions().one_server())
        pair.local = plan_local(pair);
    if (m_context.watermarks != nullptr)
        m_context.watermarks->keep_only(digest_of(proof_terms(m_context, pair)));
    if (m_context.proven != nullptr)
        remember(pair);
    if (m_before && m_before->whole)
        result.rows = m_before->rows;
    else if (pair.keyless)
        scan_keyless(
            pair,
            std::max(m_context.upstream->estimated_rows, m_context.downstream->estimated_rows),
            result);
    else
        scan_by_key(pair, result);
    result.outcome = outcome_of(result, m_context.options.mode);
    if (m_context.proven != nullptr)
        m_context.proven->whole(m_context.table, result.rows);
    if (m_before)
        tell_resumed(pair, result);
}

/// Finds what was proven before, and has what will be proven remembered.
void SyncStep::remember(const TablePair& pair)
{
    const ProofTerms terms = proof_terms(m_context, pair);
    m_before = what_may_be_skipped(m_context, pair, terms);
    m_context.proven->begin(m_context.table, terms, m_before);
    m_chain = std::make_unique<ProvenChain>([this](const Bound& below, std::uint64_t rows) {
        m_context.proven->prefix(m_context.table, below, rows);
    });
    if (m_before && m_before->below)
        m_chain->add({std::nullopt, m_before->below, {}}, m_before->rows);
}

/// It is a weaker result than one of this run alone.
void SyncStep::tell_resumed(const TablePair& pair, report::TableResult& result) const
{
    const char* rest = result.outcome == report::Outcome::equal
                           ? " The rest is equal."
                           : " The rest was made equal and is proven.";
    result.reason =
        fmt::format("{} were proven by {}, and were not looked at again.{}",
                    describe(pair, *m_before), m_before->by, m_before->whole ? "" : rest);
    result.outcome = report::Outcome::resumed;
}

/// Whether the server, which has both sides, can copy the table by itself; tells why not.
LocalCopy SyncStep::plan_local(const TablePair& pair) const
{
    const auto tell = [&](const std::string& sentence) {
        m_context.reporter.note(m_context.table, report::Severity::info, sentence);
    };
    std::string obstacle = obstacle_to_local_copy(pair, *m_context.upstream, *m_context.downstream);
    if (obstacle.empty())
        obstacle = obstacle_to_local_read(m_context.sessions().downstream(), pair);
    if (!obstacle.empty()) {
        tell(fmt::format("Both sides are in one server, but rows travel through the client: {}.",
                         obstacle));
        return {};
    }
    const bool locks = !may_read_committed(m_context.sessions().downstream());
    if (locks)
        tell("The server copies rows by itself. Its binary log holds statements (binlog_format), "
             "so that upstream's rows are locked against changes while they are copied.");
    return {true, locks};
}

ScanOptions SyncStep::scan_options() const
{
    return {m_context.options.mode, m_context.options.listing,
            m_context.delete_limit, m_context.options.rechecks > 0,
            m_chain.get(),          m_before ? m_before->rows : 0};
}

void SyncStep::scan_keyless(const TablePair& pair, std::uint64_t estimated_rows,
                            report::TableResult& result)
{
    refuse_large_keyless(m_context.table, estimated_rows);
    open_upstream(m_context);
    fill(result, run_keyless(pair, estimated_rows, scan_options(), m_context.options.allowances,
                             m_context.sessions(), m_context.reporter, m_context.stop));
}

void SyncStep::scan_by_key(const TablePair& pair, report::TableResult& result)
{
    const TableBounds bounds =
        read_bounds(pair, m_context.upstream->estimated_rows, m_context.sessions(),
                    m_before ? m_before->below : std::nullopt);
    require_unaltered(m_context);
    base::at(base::Stage::table_planned);
    if (m_context.writes())
        refuse_empty_upstream(m_context.table, bounds.upstream_first || m_before,
                              bounds.downstream_last.has_value(), m_context.options.allowances);
    Scan scan(pair, bounds, scan_options(), m_context.reporter, m_context.stop);
    try {
        scan_with_all(scan, m_context.workers);
    } catch (...) {
        fill(result, scan.totals(), scan.density().buckets());
        throw;
    }
    fill(result, scan.totals(), scan.density().buckets());
    result.rows += scan_options().rows_before;
    if (const auto remaining = look_again(m_context, pair, scan.held(), result)) {
        scan.density().recount(scan.held().differences(), *remaining);
        result.density = scan.density().buckets();
    }
}

} // namespace

void run_sync_step(const StepContext& context, const TableChoices& choices,
                   report::TableResult& result)
{
    SyncStep(context).run(choices, result);
}

} // namespace slicetool::sync
