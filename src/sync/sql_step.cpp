#include "sync/sql_step.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sync/same_server.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

constexpr int k_syntax_error = 1064; // its message quotes the statement

[[noreturn]] void tell_failure(const std::string& which, const db::Error& failure)
{
    const std::string why = failure.number() == k_syntax_error
                                ? "it is not the SQL that this server understands"
                                : failure.server_message();
    throw base::Error(fmt::format("{} failed on {}: {} (error {}). The statements before it have "
                                  "run, those behind it have not.",
                                  which, failure.endpoint(), why, failure.number()));
}

} // namespace

db::Session open_ordinary(const db::Session& downstream)
{
    db::Session session = open_beside(downstream, db::Role::writer);
    session.execute("set the character set", "SET NAMES utf8mb4");
    session.execute("take the server's settings",
                    "SET SESSION foreign_key_checks = 1, sql_mode = @@GLOBAL.sql_mode, "
                    "time_zone = @@GLOBAL.time_zone, "
                    "group_concat_max_len = @@GLOBAL.group_concat_max_len");
    return session;
}

void run_sql_step(const StepContext& context, const Step& step, report::TableResult& result)
{
    result.outcome = report::Outcome::done;
    const std::size_t count = step.statements.size();
    if (!context.writes()) {
        if (context.options.dry_run)
            context.reporter.note(context.table, report::Severity::info,
                                  fmt::format("Would run {} downstream.",
                                              base::count_of(count, "statement", "statements")));
        return;
    }
    db::Session session = open_ordinary(context.sessions().downstream());
    for (std::size_t at = 0; at < count; ++at) {
        context.stop.throw_if_stopped();
        const std::string which = fmt::format("Statement {} of {}", at + 1, count);
        try {
            session.run(which, step.statements[at]);
        } catch (const db::Error& failure) {
            tell_failure(which, failure);
        }
        context.reporter.event(context.table, report::Severity::info,
                               which + " has run downstream.");
    }
}

} // namespace slicetool::sync
