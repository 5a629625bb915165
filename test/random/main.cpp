#include "config/endpoint_url.hpp"
#include "random/check.hpp"
#include "random/generate.hpp"
#include "random/render.hpp"
#include "random/shrink.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <spdlog/spdlog.h>
#include <string>
#include <string_view>
#include <vector>

/// The random search as a program; see --help.
namespace slicetool::search {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int k_exit_finding = 1;
constexpr int k_exit_usage = 2;
constexpr int k_exit_no_server = 77; ///< what ctest takes for "skipped"

/// A search that mostly refuses, or whose statements mostly fail, looks at nothing. The bounds
/// leave room for what is refused today.
constexpr std::uint64_t k_most_refused_percent = 10;
constexpr std::uint64_t k_most_rejected_percent = 10;
constexpr std::uint64_t k_fewest_different_percent = 40;
constexpr std::uint64_t k_cases_to_judge_by = 100;

struct Options
{
    std::string pairing;
    std::uint64_t seed = 1;
    std::uint64_t cases = 0;
    double minutes = 0;
    unsigned shrink_seconds = 60;
    bool show = false;
};

/// A pairing and the environment variables that name its servers.
struct Pairing
{
    const char* name;
    const char* up;
    const char* down;
};

constexpr Pairing k_pairings[] = {
    {"MariaDbToMariaDb", "SLICETOOL_TEST_MARIADB_C", "SLICETOOL_TEST_MARIADB_D"},
    {"MySqlToMySql", "SLICETOOL_TEST_MYSQL_C", "SLICETOOL_TEST_MYSQL_D"},
    {"MariaDbToMySql", "SLICETOOL_TEST_MARIADB_C", "SLICETOOL_TEST_MYSQL_D"},
    {"MySqlToMariaDb", "SLICETOOL_TEST_MYSQL_C", "SLICETOOL_TEST_MARIADB_D"},
    // Two databases of one server, which copies by itself.
    {"MariaDbAlone", "SLICETOOL_TEST_MARIADB_C", "SLICETOOL_TEST_MARIADB_C"},
    {"MySqlAlone", "SLICETOOL_TEST_MYSQL_C", "SLICETOOL_TEST_MYSQL_C"}};

volatile std::sig_atomic_t g_stop = 0;

base::Endpoint endpoint_of(const std::string& url)
{
    const config::EndpointSettings settings = config::parse_endpoint_url(url);
    base::Endpoint endpoint;
    endpoint.host = settings.host.value_or("");
    endpoint.port = settings.port.value_or(endpoint.port);
    endpoint.socket = settings.socket.value_or("");
    endpoint.user = settings.user.value_or("root");
    endpoint.password = settings.password;
    return endpoint;
}

void tell(const Tally& tally, Clock::duration elapsed)
{
    fmt::print("{} cases, {} tables ({} different, {} refused), {} rows, {} changes ({} rejected), "
               "{:.0f} s\n",
               tally.cases, tally.tables, tally.different, tally.refused, tally.rows, tally.changes,
               tally.rejected, std::chrono::duration<double>(elapsed).count());
    for (const auto& [reason, count] : tally.reasons)
        fmt::print("  refused {:>4}: {}\n", count, reason);
}

/// False, with a sentence, when the search was not worth its name.
bool is_worth_its_name(const Tally& tally)
{
    if (tally.cases < k_cases_to_judge_by)
        return true;
    const auto more_than = [](std::uint64_t part, std::uint64_t whole, std::uint64_t percent) {
        return part * 100 > whole * percent;
    };
    bool worth = true;
    const auto complain = [&](std::string_view what) {
        fmt::print("The search looks at too little: {}.\n", what);
        worth = false;
    };
    if (more_than(tally.refused, tally.tables, k_most_refused_percent))
        complain("too many tables are refused");
    if (more_than(tally.rejected, tally.changes + tally.tables, k_most_rejected_percent))
        complain("too many of its statements are rejected by the servers");
    if (!more_than(tally.different, tally.tables, k_fewest_different_percent))
        complain("too few tables differ before they are sliced");
    return worth;
}

/// The stage and words of what is wrong with the case, or nothing.
std::optional<Finding> trouble_of(Checker& checker, const Case& of, Tally& tally)
{
    try {
        checker.check(of, tally);
        return std::nullopt;
    } catch (const Finding& finding) {
        return finding;
    }
}

void report(Checker& checker, const Case& of, const Finding& finding, const Options& options)
{
    fmt::print("\nFOUND by seed {}, at stage: {}\n{}\n\n", of.seed, stage_name(finding.stage()),
               finding.what());
    if (finding.stage() == Stage::create) { // any smaller case may be as wrong in another way
        fmt::print("{}\n", script(of));
        return;
    }
    fmt::print("Making the case smaller …\n");
    std::fflush(stdout);
    Tally ignored;
    const auto fails = [&](const Case& smaller) {
        const auto trouble = trouble_of(checker, smaller, ignored);
        return trouble && trouble->stage() == finding.stage();
    };
    const Case least = shrink(of, fails, std::chrono::seconds(options.shrink_seconds));
    const auto last = trouble_of(checker, least, ignored);
    fmt::print("\n{}\n\n-- seed {}, {}\n{}\n", last ? last->what() : "It did not fail again.",
               of.seed, stage_name(finding.stage()), script(least));
}

int search_cases(const base::Endpoint& up, const base::Endpoint& down, const Options& options)
{
    Checker checker(up, down);
    const Families families = checker.families();
    const auto start = Clock::now();
    const auto end = start + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double, std::ratio<60>>(options.minutes));
    const auto goes_on = [&](const Tally& tally) {
        return g_stop == 0 &&
               (options.minutes > 0 ? Clock::now() < end : tally.cases < options.cases);
    };
    Tally tally;
    for (std::uint64_t seed = options.seed; goes_on(tally); ++seed) {
        const Case of = make_case(seed, families);
        if (options.show)
            fmt::print("{}\n", script(of));
        if (const auto finding = trouble_of(checker, of, tally)) {
            report(checker, of, *finding, options);
            tell(tally, Clock::now() - start);
            return k_exit_finding;
        }
    }
    tell(tally, Clock::now() - start);
    return is_worth_its_name(tally) ? 0 : k_exit_finding;
}

int run_program(int argc, char** argv)
{
    CLI::App app("Looks for a random case in which slicetool is wrong, on two servers.");
    Options options;
    std::vector<std::string> names;
    for (const Pairing& pairing : k_pairings)
        names.emplace_back(pairing.name);
    app.add_option("--pairing", options.pairing, "Upstream's and downstream's family")
        ->required()
        ->check(CLI::IsMember(names));
    app.add_option("--seed", options.seed, "The first case's number; the next ones follow it");
    app.add_option("--cases", options.cases, "How many cases");
    app.add_option("--minutes", options.minutes, "How long, instead of how many");
    app.add_option("--shrink-seconds", options.shrink_seconds, "To make a failing case smaller");
    app.add_flag("--show", options.show, "Print each case as a script");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : k_exit_usage;
    }
    const Pairing& pairing =
        *std::find_if(std::begin(k_pairings), std::end(k_pairings),
                      [&](const Pairing& one) { return options.pairing == one.name; });
    const char* up = std::getenv(pairing.up);
    const char* down = std::getenv(pairing.down);
    if (up == nullptr || down == nullptr) {
        fmt::print(stderr, "{} or {} is not set.\n", pairing.up, pairing.down);
        const char* ci = std::getenv("CI");
        return ci != nullptr && std::string_view(ci) == "true" ? k_exit_finding : k_exit_no_server;
    }
    return search_cases(endpoint_of(up), endpoint_of(down), options);
}

} // namespace

} // namespace slicetool::search

int main(int argc, char** argv)
{
    std::signal(SIGINT, [](int) { slicetool::search::g_stop = 1; });
    std::signal(SIGTERM, [](int) { slicetool::search::g_stop = 1; });
    spdlog::set_level(spdlog::level::err);
    try {
        return slicetool::search::run_program(argc, argv);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "{}\n", failure.what());
        return slicetool::search::k_exit_finding;
    }
}
