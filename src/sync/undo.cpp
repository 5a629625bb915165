#include "sync/undo.hpp"

#include "base/error.hpp"
#include "base/stage.hpp"
#include "base/text.hpp"
#include "db/schema.hpp"
#include "sync/foreign_keys.hpp"
#include "sync/run_lock.hpp"
#include "sync/same_server.hpp"
#include "sync/undo_table.hpp"
#include "sync/write_privileges.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <memory>

namespace slicetool::sync {

namespace {

using Clock = std::chrono::steady_clock;

void refuse_other_database(const undo::Header& header, db::Session& session, bool moved_server)
{
    const bool is_server = moved_server || header.server == session.server().identity;
    if (is_server && header.database == database_of(session))
        return;
    throw base::Refusal(fmt::format(
        "{} is not the database that run {} changed: that was {}, on the server \"{}\", and this "
        "is \"{}\". Name it with --to; if it is that server under another name or in another "
        "place, say --moved-server.",
        session.endpoint().describe(), header.run, header.downstream, header.server,
        session.server().identity));
}

void refuse_other_encoding(const undo::Header& header, const db::Session& session)
{
    if (header.encoding_version != static_cast<std::uint64_t>(hash::k_encoding_version))
        throw base::Refusal(fmt::format(
            "Run {} has digests of row encoding {}, and this slicetool has {}: take it back with "
            "slicetool {}, which made it.",
            header.run, header.encoding_version, hash::k_encoding_version, header.tool_version));
    if (header.digest == hash::digest_name(hash::DigestKind::md5) && !session.server().has_md5)
        throw base::Refusal(fmt::format("Run {} has MD5 digests, and {} has no MD5() any more "
                                        "(MySQL 9.6 and later need INSTALL "
                                        "COMPONENT 'file://component_classic_hashing').",
                                        header.run, session.endpoint().describe()));
}

void require_in_file(const std::vector<std::string>& wanted, const undo::Reader& file)
{
    std::vector<std::string> known;
    for (const auto& table : file.tables())
        known.push_back(table.name);
    for (const auto& name : wanted) {
        if (std::find(known.begin(), known.end(), name) != known.end())
            continue;
        const auto meant = base::nearest(name, known);
        throw base::UsageError(fmt::format("Run {} did not change a table {}{}.", file.header().run,
                                           name, meant ? "; did you mean " + *meant + "?" : ""));
    }
}

/// The tables of a file on their way back.
class UndoRun
{
public:
    UndoRun(const UndoContext& context) : m_context(context) {}

    UndoSummary run(RunLock* lock);

private:
    void plan();
    void plan(UndoneTable& table);
    void give_up(UndoneTable& table, report::UndoOutcome outcome, const std::string& why);
    void tell_of_writing() const;
    void take_back(const undo::Reader::Batch& batch);
    std::vector<report::UndoResult> results() const;
    void tell(report::UndoResult result, UndoSummary& summary);

    const UndoContext& m_context;
    std::vector<sql::Table> m_definitions;
    std::vector<UndoneTable> m_tables;          ///< in the order of the file
    std::map<std::string, Imagined> m_imagined; ///< by table
};

void UndoRun::give_up(UndoneTable& table, report::UndoOutcome outcome, const std::string& why)
{
    table.pair.reset();
    table.result.outcome = outcome;
    table.result.reason = why;
}

void UndoRun::plan(UndoneTable& table)
{
    const auto& wanted = m_context.options.tables;
    if (!wanted.empty() &&
        std::find(wanted.begin(), wanted.end(), table.saved->name) == wanted.end())
        return give_up(table, report::UndoOutcome::left_out, "");
    try {
        plan_undone(table, m_context);
        if (!m_context.options.dry_run)
            refuse_missing_privileges(m_context.session, *table.now);
    } catch (const base::Refusal& refusal) {
        give_up(table, report::UndoOutcome::refused, refusal.what());
    }
}

void UndoRun::plan()
{
    std::vector<std::string> names;
    for (const auto& table : m_context.file.tables())
        names.push_back(table.name);
    m_definitions = db::read_tables(m_context.session, names);
    for (const auto& saved : m_context.file.tables()) {
        UndoneTable table;
        table.saved = &saved;
        table.result.table = saved.name;
        for (const auto& now : m_definitions) {
            if (now.name == saved.name)
                table.now = &now;
        }
        plan(table);
        m_tables.push_back(std::move(table));
    }
}

void UndoRun::tell_of_writing() const
{
    const UndoOptions& options = m_context.options;
    if (options.dry_run || !options.before_table)
        return;
    for (const auto& table : m_tables) {
        if (table.pair)
            options.before_table(table.saved->name);
    }
}

void UndoRun::take_back(const undo::Reader::Batch& batch)
{
    UndoneTable& table = m_tables.at(batch.table);
    if (!table.pair)
        return;
    const auto start = Clock::now();
    try {
        if (!m_context.options.dry_run)
            m_context.session.set_strict(table.pair->has_enumeration ? db::Strict::no
                                                                     : db::Strict::yes);
        if (table.pair->keyless) {
            undo_counts(table, m_context, batch);
        } else {
            undo_pieces(table, m_context, batch);
            undo_rows(table, m_context, batch, m_imagined[table.saved->name]);
        }
    } catch (const base::Interrupted&) {
        throw;
    } catch (const db::Error& failure) {
        if (failure.connection_lost())
            throw;
        give_up(table, report::UndoOutcome::failed, failure.what());
    } catch (const base::Error& failure) {
        give_up(table, report::UndoOutcome::failed, failure.what());
    }
    base::at(base::Stage::batch_undone);
    table.result.elapsed += Clock::now() - start;
}

/// Steps that tell rows apart in different ways have a description each; it is one table all the
/// same.
std::vector<report::UndoResult> UndoRun::results() const
{
    std::vector<report::UndoResult> results;
    for (const auto& table : m_tables) {
        const auto found = std::find_if(results.begin(), results.end(), [&](const auto& other) {
            return other.table == table.result.table;
        });
        if (found == results.end()) {
            results.push_back(table.result);
            continue;
        }
        found->restored += table.result.restored;
        found->as_before += table.result.as_before;
        found->refused += table.result.refused;
        found->elapsed += table.result.elapsed;
        if (!table.pair) {
            found->outcome = table.result.outcome;
            found->reason = table.result.reason;
        }
    }
    return results;
}

void UndoRun::tell(report::UndoResult result, UndoSummary& summary)
{
    if (result.outcome == report::UndoOutcome::left_out)
        return;
    summary.refused_rows += result.refused;
    if (result.outcome == report::UndoOutcome::refused ||
        result.outcome == report::UndoOutcome::failed)
        ++summary.failed_tables;
    else
        result.outcome = result.refused > 0    ? report::UndoOutcome::partly
                         : result.restored > 0 ? report::UndoOutcome::restored
                                               : report::UndoOutcome::as_before;
    m_context.reporter.undo_result(result);
}

UndoSummary UndoRun::run(RunLock* lock)
{
    plan();
    tell_of_writing();
    const auto& batches = m_context.file.batches();
    for (auto batch = batches.rbegin(); batch != batches.rend(); ++batch) {
        m_context.stop.throw_if_stopped();
        if (lock != nullptr)
            lock->check();
        take_back(*batch);
    }
    for (auto& table : m_tables)
        tell_refused(table, m_context);
    UndoSummary summary;
    std::vector<const sql::Table*> written;
    for (const auto& result : results())
        tell(result, summary);
    for (const auto& table : m_tables) {
        const bool told = std::find(written.begin(), written.end(), table.now) != written.end();
        if (table.result.restored > 0 && !m_context.options.dry_run && !told)
            written.push_back(table.now);
    }
    for (const auto& sentence : dangling_references(m_context.session, written))
        m_context.reporter.note("", report::Severity::warning, sentence);
    return summary;
}

} // namespace

int UndoSummary::exit_status() const
{
    if (failed_tables > 0)
        return 2;
    return refused_rows > 0 ? 1 : 0;
}

UndoSummary undo(const base::Endpoint& downstream, const undo::Reader& file,
                 const UndoOptions& options, report::Reporter& reporter,
                 const base::StopToken& stop)
{
    require_in_file(options.tables, file);
    std::unique_ptr<RunLock> lock;
    if (!options.dry_run) {
        refuse_protected(downstream);
        lock = std::make_unique<RunLock>(downstream);
    }
    db::Session session =
        db::Session::open(downstream, options.dry_run ? db::Role::reader : db::Role::writer);
    if (lock)
        refuse_other_server(session, lock->session());
    const undo::Header& header = file.header();
    refuse_other_database(header, session, options.moved_server);
    refuse_other_encoding(header, session);
    if (!options.dry_run)
        refuse_unwritable(session, options.allowances);
    report::RunInfo info;
    info.command = "undo";
    info.from = file.path();
    info.to = downstream.describe();
    info.downstream_version = session.server().version;
    info.digest = header.digest;
    info.encoding_version = hash::k_encoding_version;
    info.dry_run = options.dry_run;
    reporter.run_started(info);
    if (file.is_incomplete())
        reporter.note("", report::Severity::warning,
                      fmt::format("The undo file had reached its bound: what run {} changed after "
                                  "that is not in it, and stays.",
                                  header.run));
    if (file.hole())
        reporter.note("", report::Severity::warning,
                      fmt::format("The undo file cannot be read from byte {} on. After a power cut "
                                  "that is so of rows that were not changed yet. If there was "
                                  "none, the file was damaged: what run {} changed later stays.",
                                  *file.hole(), header.run));
    const UndoContext context{file, options, session, reporter, stop};
    return UndoRun(context).run(lock.get());
}

} // namespace slicetool::sync
