#include "sync/resume.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "hash/digest.hpp"
#include "sync/integer_key.hpp"
#include "sync/statements.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Texts of any bytes, told apart by their lengths.
std::string digest_of(const std::vector<std::string>& texts)
{
    hash::Digest digest(hash::DigestKind::sha256);
    for (const auto& text : texts) {
        digest.update(std::to_string(text.size()) + ":");
        digest.update(text);
    }
    return hash::to_hex(digest.finish());
}

std::string place_of(const db::Session& session)
{
    return digest_of({session.server().identity, session.endpoint().database});
}

std::uint64_t count_rows(db::Session& session, const TableSide& side, const Range& range)
{
    const auto answer =
        session.query_value("count the proven rows of " + side.name, build_count(side, range));
    return static_cast<std::uint64_t>(to_integer(answer.value_or("0")));
}

std::chrono::seconds uptime(db::Session& session)
{
    db::Result row =
        session.query("ask for the server's uptime", "SHOW GLOBAL STATUS LIKE 'Uptime'");
    return std::chrono::seconds(row.next() ? row.number(1) : 0);
}

/// Why the proof does not count; empty when it does.
std::string objection(const StepContext& context, const TablePair& pair, const ProofTerms& terms,
                      const ProvenBefore& before)
{
    if (context.statements_have_run)
        return "statements of this run may have changed it since";
    for (const auto& [name, digest] : terms) {
        const auto then = before.terms.find(name);
        if (then == before.terms.end() || then->second != digest)
            return fmt::format("{} is not what it was", name);
    }
    if (before.age > context.options.resume_max_age)
        return fmt::format("that was {} ago, and --resume-max-age is {}",
                           base::format_duration(before.age),
                           base::format_duration(context.options.resume_max_age));
    if (uptime(context.sessions().downstream()) <= before.age)
        return "downstream's server was restarted since, and may have lost what it had committed";
    const Range range{std::nullopt, before.below, {}};
    const auto [up, down] = context.sessions().both(
        [&](db::Session& session) { return count_rows(session, pair.upstream, range); },
        [&](db::Session& session) { return count_rows(session, pair.downstream, range); });
    if (up != before.rows || down != before.rows)
        return fmt::format("of {} that were proven there are {} upstream and {} downstream",
                           base::count_of(before.rows, "row", "rows"), base::format_count(up),
                           base::format_count(down));
    return "";
}

} // namespace

ProofTerms proof_terms(const StepContext& context, const TablePair& pair)
{
    SessionPair& sessions = context.sessions();
    std::vector<std::string> key;
    for (const auto& [name, value] : sessions.upstream().endpoint().secret_variables)
        key.push_back(value);
    const Range all;
    return {
        {"upstream's server or database", place_of(sessions.upstream())},
        {"downstream's server or database", place_of(sessions.downstream())},
        {"upstream's definition", digest_of({without_counter(context.upstream->create_statement)})},
        {"downstream's definition",
         digest_of({without_counter(context.downstream->create_statement)})},
        {"what the config, the command line or the row encoding makes of the table",
         digest_of({build_rows_of_range(pair.upstream, all),
                    build_fingerprints(pair.upstream, {all}),
                    build_fingerprints(pair.downstream, {all}),
                    std::to_string(hash::k_encoding_version)})},
        {"the key of the masks", digest_of(key)}};
}

std::string digest_of(const ProofTerms& terms)
{
    std::vector<std::string> digests;
    for (const auto& [name, digest] : terms)
        digests.push_back(digest);
    return digest_of(digests);
}

std::optional<ProvenBefore> what_may_be_skipped(const StepContext& context, const TablePair& pair,
                                                const ProofTerms& terms)
{
    auto before = context.proven->before(context.table);
    if (!before)
        return std::nullopt;
    const std::string why_not = objection(context, pair, terms, *before);
    if (why_not.empty())
        return before;
    context.reporter.note(
        context.table, report::Severity::info,
        fmt::format("What {} had proven is looked at again: {}.", before->by, why_not));
    return std::nullopt;
}

std::string describe(const TablePair& pair, const ProvenBefore& before)
{
    const auto rows = base::count_of(before.rows, "row", "rows");
    if (before.whole || !before.below)
        return "All " + rows;
    return fmt::format("The {} {} ({})", rows, before.below->after ? "up to" : "below",
                       describe(pair.upstream.key, before.below->key));
}

} // namespace slicetool::sync
