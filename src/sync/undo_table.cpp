#include "sync/undo_table.hpp"

#include "base/error.hpp"
#include "sync/stored_side.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace slicetool::sync {

namespace {

constexpr unsigned k_attempts = 6;

/// What is another column than it was, in words; empty when nothing is.
std::string altered(const std::vector<undo::Column>& saved, const std::vector<undo::Column>& now)
{
    for (const auto& column : saved) {
        const auto found = std::find_if(now.begin(), now.end(), [&](const undo::Column& other) {
            return other.name == column.name;
        });
        if (found == now.end())
            return fmt::format("column {} is gone", column.name);
        if (found->type != column.type)
            return fmt::format("column {} was {} and is {}", column.name, column.type, found->type);
    }
    if (saved == now)
        return "";
    return saved.size() == now.size() ? "its columns stand in another order"
                                      : "it has more columns";
}

/// A pair of the table with itself, for whoever inserts its rows.
TablePair pair_of(const TableSide& side, const sql::Table& table)
{
    TablePair pair{side, side, false, key_positions(side), {}, {}, {}, {}, {}, false,
                   {},   {},   "",    side.key.empty()};
    pair.has_enumeration =
        std::any_of(table.columns.begin(), table.columns.end(), [](const sql::Column& column) {
            return column.kind == sql::TypeKind::enumeration;
        });
    return pair;
}

} // namespace

void plan_undone(UndoneTable& table, const UndoContext& context)
{
    const std::string& name = table.saved->name;
    if (table.now == nullptr)
        throw base::Refusal(fmt::format("Table {} is not there any more.", name));
    refuse_table(*table.now, *table.now, context.options.allowances);
    if (!context.options.dry_run)
        refuse_unseen_triggers(context.session, *table.now, context.options.allowances);
    if (const auto how = altered(table.saved->columns, stored_columns(*table.now)); !how.empty())
        throw base::Refusal(
            fmt::format("Table {} was altered since the run ({}): its rows cannot be what they "
                        "were.",
                        name, how));
    const auto digest = context.file.header().digest == hash::digest_name(hash::DigestKind::md5)
                            ? hash::DigestKind::md5
                            : hash::DigestKind::sha256;
    const db::Server& server = context.session.server();
    table.pair =
        pair_of(stored_side(*table.now, table.saved->key, digest,
                            std::min(server.group_concat_max_len, server.max_allowed_packet)),
                *table.now);
    if (!table.now->is_transactional() && !context.options.dry_run)
        context.reporter.note(name, report::Severity::warning,
                              fmt::format("The table has the engine {}, which cannot roll back: "
                                          "after a failure, run undo again with --force.",
                                          table.now->engine));
}

void refuse_row(UndoneTable& table, const KeyTuple& key, report::DifferenceKind why)
{
    table.refused.emplace(key, why);
}

void tell_refused(UndoneTable& table, const UndoContext& context)
{
    for (const auto& [key, why] : table.refused) {
        report::Difference row{why, {}, {}};
        const auto& columns = table.saved->key;
        for (std::size_t at = 0; at < key.size(); ++at)
            row.key.push_back({at < columns.size() ? columns[at] : "row digest", key[at]});
        context.reporter.difference(table.saved->name, row);
    }
    table.result.refused += table.refused.size();
}

void in_transaction(const UndoContext& context, Reads reads, const std::function<void()>& work)
{
    for (unsigned attempt = 1;; ++attempt) {
        context.stop.throw_if_stopped();
        try {
            if (reads == Reads::locking)
                context.session.execute("read with locks",
                                        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
            db::Transaction transaction(context.session);
            work();
            transaction.commit();
            return;
        } catch (const db::Error& failure) {
            if (!failure.retryable() || failure.connection_lost() || attempt == k_attempts)
                throw;
            spdlog::warn("{} Trying the batch again ({} of {}).", failure.what(), attempt,
                         k_attempts - 1);
            context.stop.wait_for(std::chrono::milliseconds(20U << attempt));
        }
    }
}

} // namespace slicetool::sync
