#include "sync/table_run.hpp"

#include "base/error.hpp"
#include "sync/mask_probe.hpp"
#include "sync/same_server.hpp"
#include "sync/step_context.hpp"
#include "sync/steps.hpp"

#include <chrono>
#include <exception>
#include <fmt/format.h>

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

/// The masks of all steps; those of one column that several steps have are the same.
std::vector<Mask> masks_of(const std::vector<Step>& steps)
{
    std::vector<Mask> masks;
    for (const Step& step : steps) {
        for (const Mask& mask : step.choices.masks) {
            if (find_mask(masks, mask.column) == nullptr)
                masks.push_back(mask);
        }
    }
    return masks;
}

} // namespace

report::TableResult run_table(const TableOrder& order, const sql::Table* upstream,
                              const sql::Table* downstream, const RunOptions& options,
                              hash::DigestKind digest, std::vector<SessionPair>& workers,
                              const std::string& snapshot_time, bool statements_have_run,
                              report::Reporter& reporter, const base::StopToken& stop)
{
    report::TableResult result;
    result.table = order.name;
    const auto start = Clock::now();
    const auto steps = steps_of(order, options);
    if (only_skips(steps)) {
        result.outcome = report::Outcome::skipped;
        result.reason = "The config says skip.";
        return result;
    }
    const DeleteLimit& limit = order.delete_limit ? *order.delete_limit : options.delete_limit;
    const bool only_syncs = steps.size() == 1 && steps[0].kind == StepKind::sync;
    ProvenRanges* proven =
        only_syncs && options.mode == Mode::make_equal ? options.proven : nullptr;
    std::string place;
    const std::vector<Mask> masks = masks_of(steps);
    const MaskedReading masked(workers, masks);
    const Traffic before = traffic(workers);
    const auto ended = [&](report::Outcome outcome, const std::exception& why) {
        result.outcome = outcome;
        result.reason = place + why.what();
    };
    try {
        run_steps({order.name, upstream, downstream, options, limit, snapshot_time, digest, workers,
                   reporter, stop, proven, statements_have_run},
                  steps, result, place);
    } catch (const base::Interrupted&) {
        result.outcome = report::Outcome::failed;
        result.reason =
            "Interrupted before the end; what was committed is proven. Run it again to go on.";
        result.elapsed = Clock::now() - start;
        reporter.table_finished(result);
        throw;
    } catch (const OtherServer& failure) {
        ended(report::Outcome::failed, failure);
        result.elapsed = Clock::now() - start;
        reporter.table_finished(result);
        throw;
    } catch (const base::Refusal& refusal) {
        ended(report::Outcome::refused, refusal);
    } catch (const db::Error& failure) {
        ended(report::Outcome::failed, failure);
        if (failure.number() != 0)
            result.reason += mask_advice(masks, failure.server_message());
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
        if (result.outcome != report::Outcome::refused && result.outcome != report::Outcome::failed)
            ended(report::Outcome::failed, failure);
        reporter.table_finished(result);
        throw;
    }
    return result;
}

} // namespace slicetool::sync
