#include "sync/sync_step.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "sync/keyless.hpp"
#include "sync/second_look.hpp"
#include "sync/table_bounds.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
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
    ScanOptions scan_options() const;
    void scan_keyless(const TablePair& pair, std::uint64_t estimated_rows,
                      report::TableResult& result);
    void scan_by_key(const TablePair& pair, report::TableResult& result);

    const StepContext& m_context;
};

void SyncStep::run(const TableChoices& choices, report::TableResult& result)
{
    const TablePair pair = plan_step(m_context, choices);
    if (pair.keyless)
        scan_keyless(
            pair,
            std::max(m_context.upstream->estimated_rows, m_context.downstream->estimated_rows),
            result);
    else
        scan_by_key(pair, result);
    result.outcome = outcome_of(result, m_context.options.mode);
}

ScanOptions SyncStep::scan_options() const
{
    return {m_context.options.mode, m_context.options.listing, m_context.delete_limit,
            m_context.options.rechecks > 0};
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
        read_bounds(pair, m_context.upstream->estimated_rows, m_context.sessions());
    require_unaltered(m_context);
    base::at(base::Stage::table_planned);
    if (m_context.writes())
        refuse_empty_upstream(m_context.table, bounds.upstream_first.has_value(),
                              bounds.downstream_last.has_value(), m_context.options.allowances);
    Scan scan(pair, bounds, scan_options(), m_context.reporter, m_context.stop);
    try {
        scan_with_all(scan, m_context.workers);
    } catch (...) {
        fill(result, scan.totals(), scan.density().buckets());
        throw;
    }
    fill(result, scan.totals(), scan.density().buckets());
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
