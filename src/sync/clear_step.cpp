#include "sync/clear_step.hpp"

#include "base/stage.hpp"
#include "sql/quote.hpp"
#include "sync/integer_key.hpp"
#include "sync/retry.hpp"
#include "sync/undo_batch.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Rows that go in one transaction, as when a scan empties a range.
constexpr std::uint64_t k_deletes_per_transaction = 5000;

} // namespace

void run_clear_step(const StepContext& context, report::TableResult& result)
{
    const std::string table = context.downstream->qualified_name();
    const std::string comment =
        fmt::format("/* slicetool table={} clear */", sql::comment_text(context.table));
    db::Session& downstream = context.sessions().downstream();
    if (!context.writes()) {
        const auto rows =
            downstream.query_value("count rows of " + context.table,
                                   fmt::format("{} SELECT COUNT(*) FROM {}", comment, table));
        result.extra = static_cast<std::uint64_t>(to_integer(rows.value_or("0")));
        result.outcome = result.extra > 0 ? report::Outcome::different : report::Outcome::done;
        return;
    }
    const TablePair whole = whole_table(context);
    for (std::uint64_t gone = k_deletes_per_transaction; gone >= k_deletes_per_transaction;) {
        context.stop.throw_if_stopped();
        context.sessions().rest();
        with_retries(context.sessions(), context.stop, [&] {
            db::Transaction transaction(context.sessions().downstream());
            UndoBatch undo(whole, context.sessions().downstream());
            gone = undo.delete_all(k_deletes_per_transaction);
            undo.save();
            transaction.commit();
        });
        base::at(base::Stage::portion_deleted);
        context.sessions().moved(gone, 0);
        result.extra += gone;
        result.deleted += gone;
        context.reporter.table_progress(
            context.table, {report::Phase::deleting, 0, 0, result.extra, 0, result.deleted});
    }
    result.outcome = report::Outcome::done;
}

} // namespace slicetool::sync
