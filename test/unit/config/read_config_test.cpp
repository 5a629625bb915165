#include "config/read_config.hpp"

#include "base/error.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string error_of(const std::string& text)
{
    return message_of<base::UsageError>([&] { parse_config(text, "c.yaml"); });
}

/// Two endpoints, and a job whose further lines are given, each already indented by 4.
std::string job_with(const std::string& lines)
{
    return "endpoints: {a: {host: h}, b: {host: h}}\n"
           "jobs:\n"
           "  j:\n"
           "    from: a\n"
           "    to: b\n" +
           lines;
}

std::string table_error(const std::string& table_line)
{
    return error_of(job_with("    tables:\n      - " + table_line + "\n"));
}

Job job_of(const std::string& lines)
{
    return parse_config(job_with(lines), "c.yaml").jobs.at("j");
}

} // namespace

TEST(ReadConfig, ReadsEveryKeyOfAnEndpoint)
{
    const auto config =
        parse_config("endpoints:\n"
                     "  p: {host: h, port: 3307, user: u, password: 'a b', database: d,\n"
                     "      ssl_mode: required, ssl_ca: /ca, ssl_cert: c.pem, ssl_key: ~/k.pem,\n"
                     "      connect_timeout: 5s, read_timeout: 5m}\n"
                     "  q: {socket: /run/s, password_env: PW}\n"
                     "  r: {password_file: pw}\n"
                     "  s: {prompt: yes}\n",
                     "/etc/slicetool/c.yaml");
    const auto& p = config.endpoints.at("p").settings;
    EXPECT_EQ(p.host, "h");
    EXPECT_EQ(p.port, 3307);
    EXPECT_EQ(p.user, "u");
    EXPECT_EQ(p.password, "a b");
    EXPECT_EQ(p.database, "d");
    EXPECT_EQ(p.tls_mode, base::TlsMode::required);
    EXPECT_EQ(p.ca_file, "/ca");
    EXPECT_EQ(p.certificate_file, "/etc/slicetool/c.pem");
    EXPECT_THAT(*p.key_file, Not(HasSubstr("~")));
    EXPECT_EQ(p.connect_timeout, std::chrono::seconds(5));
    EXPECT_EQ(p.read_timeout, std::chrono::seconds(300));
    EXPECT_EQ(config.endpoints.at("p").position.text(), "/etc/slicetool/c.yaml:2:3");
    EXPECT_EQ(config.endpoints.at("q").settings.socket, "/run/s");
    EXPECT_EQ(config.endpoints.at("q").settings.password_env, "PW");
    EXPECT_EQ(config.endpoints.at("r").settings.password_file, "/etc/slicetool/pw");
    EXPECT_EQ(config.endpoints.at("s").settings.prompt, true);
}

TEST(ReadConfig, ReadsEveryKeyOfAJob)
{
    const auto job = job_of("    digest: sha256\n    zoom: [1000, 1]\n    outside: keep\n"
                            "    max_delete: 10%\n    jobs: 4\n    tables: [x, y]\n");
    EXPECT_EQ(job.from, "a");
    EXPECT_EQ(job.to, "b");
    EXPECT_EQ(job.options.digest, DigestChoice::sha256);
    EXPECT_EQ(job.options.zoom->sizes, (std::vector<std::uint64_t>{1000, 1}));
    EXPECT_EQ(job.options.outside, Outside::keep);
    EXPECT_EQ(job.options.max_delete->percent, 10.0);
    EXPECT_EQ(job.options.jobs, 4U);
    ASSERT_EQ(job.tables.size(), 2U);
    EXPECT_EQ(job.tables[0].name, "x");
    EXPECT_EQ(job.tables[1].name, "y");
    EXPECT_TRUE(job_of("").tables.empty());
}

TEST(ReadConfig, PlacesTheFilesOfAJobBesideTheConfig)
{
    const auto config = parse_config(job_with("    report: reports/{time}.html\n") +
                                         "defaults: {report: x.txt, metrics_file: /m.prom}\n",
                                     "/etc/slicetool/c.yaml");
    const auto job = find_job(config, "j");
    EXPECT_EQ(job.options.report, "/etc/slicetool/reports/{time}.html");
    EXPECT_EQ(job.options.metrics_file, "/m.prom");
}

TEST(ReadConfig, ReadsEveryKeyOfATable)
{
    const auto job = job_of("    tables:\n"
                            "      - table: orders\n"
                            "        skip: true\n"
                            "        where: \"id > 5 AND x = 'a: b'\"\n"
                            "        outside: delete\n"
                            "        key: [a, b]\n"
                            "        zoom: auto\n"
                            "        columns: {exclude: [c, d]}\n"
                            "      - {table: items, key: uk_items}\n"
                            "      - 2024\n");
    const auto& orders = job.tables.at(0);
    EXPECT_EQ(orders.name, "orders");
    EXPECT_TRUE(orders.skip);
    EXPECT_EQ(orders.where, "id > 5 AND x = 'a: b'");
    EXPECT_EQ(orders.outside, Outside::remove);
    EXPECT_THAT(orders.key->columns, ElementsAre("a", "b"));
    EXPECT_TRUE(orders.zoom->automatic());
    EXPECT_THAT(orders.excluded_columns, ElementsAre("c", "d"));
    EXPECT_EQ(orders.position.text(), "c.yaml:7:9");
    EXPECT_EQ(job.tables.at(1).key->index_name, "uk_items");
    EXPECT_FALSE(job.tables.at(1).skip);
    EXPECT_EQ(job.tables.at(2).name, "2024");
}

TEST(ReadConfig, FillsAJobFromTheDefaults)
{
    auto config =
        parse_config(job_with("    jobs: 2\n") + "defaults: {jobs: 8, digest: md5, outside: keep, "
                                                 "zoom: [10], max_delete: 7, ssl_mode: required}\n",
                     "c.yaml");
    EXPECT_EQ(config.defaults.endpoint.tls_mode, base::TlsMode::required);
    const auto job = find_job(config, "j");
    EXPECT_EQ(job.options.jobs, 2U);
    EXPECT_EQ(job.options.digest, DigestChoice::md5);
    EXPECT_EQ(job.options.outside, Outside::keep);
    EXPECT_EQ(job.options.zoom->sizes, (std::vector<std::uint64_t>{10}));
    EXPECT_EQ(job.options.max_delete->rows, 7U);
    EXPECT_EQ(message_of<base::UsageError>([&] { find_job(config, "k"); }),
              "c.yaml has no job 'k'; did you mean 'j'?");
}

TEST(ReadConfig, AliasesShareValues)
{
    const auto config = parse_config("endpoints: {a: &e {host: h}, b: *e}\n", "c.yaml");
    EXPECT_EQ(config.endpoints.at("b").settings.host, "h");
}

TEST(ReadConfig, NamesTheNearestKey)
{
    EXPECT_EQ(error_of("endpoint: {}\n"),
              "c.yaml:1:1: Unknown key 'endpoint'; did you mean 'endpoints'?");
    EXPECT_EQ(error_of("defaults: {digset: md5}\n"),
              "c.yaml:1:12: Unknown key 'digset'; did you mean 'digest'?");
    EXPECT_EQ(table_error("{table: x, columns: {host: [y]}}"),
              "c.yaml:7:30: Unknown key 'host'; expected 'exclude'.");
    EXPECT_EQ(error_of("defaults: {host: h}\n"), "c.yaml:1:12: Unknown key 'host'.")
        << "too many to list";
    EXPECT_EQ(error_of("endpoints:\n  p: {hosts: h}\n"),
              "c.yaml:2:7: Unknown key 'hosts'; did you mean 'host'?");
    EXPECT_EQ(error_of(job_with("    table: [x]\n")),
              "c.yaml:6:5: Unknown key 'table'; did you mean 'tables'?");
    EXPECT_EQ(table_error("{table: x, wher: y}"),
              "c.yaml:7:20: Unknown key 'wher'; did you mean 'where'?");
    EXPECT_EQ(table_error("{table: x, columns: {exlude: [y]}}"),
              "c.yaml:7:30: Unknown key 'exlude'; did you mean 'exclude'?");
    EXPECT_EQ(error_of("<<: {}\n"),
              "c.yaml:1:1: Merging with '<<' is not supported; say what is shared in 'defaults'.");
}

TEST(ReadConfig, RefusesDuplicateKeys)
{
    EXPECT_EQ(error_of("endpoints: {}\ndefaults: {}\nendpoints: {}\n"),
              "c.yaml:3:1: Duplicate key 'endpoints'; it was first given on line 1.");
    EXPECT_EQ(error_of("endpoints:\n  p: {host: h}\n  p: {host: h}\n"),
              "c.yaml:3:3: Duplicate key 'p'; it was first given on line 2.");
    EXPECT_EQ(table_error("{table: x, where: a, where: b}"),
              "c.yaml:7:30: Duplicate key 'where'; it was first given on line 7.");
}

TEST(ReadConfig, RefusesReferencesToNothing)
{
    EXPECT_EQ(
        error_of(
            "endpoints: {production: {}, staging: {}}\njobs:\n  j: {from: prodction, to: x}\n"),
        "c.yaml:3:13: There is no endpoint 'prodction'; did you mean 'production'?\n"
        "c.yaml:3:28: There is no endpoint 'x'; expected 'production' or 'staging'.");
    EXPECT_EQ(error_of("jobs:\n  j: {from: a, to: b}\n"), "c.yaml:2:13: There is no endpoint 'a'.\n"
                                                          "c.yaml:2:20: There is no endpoint 'b'.");
}

TEST(ReadConfig, JobsNeedTwoDifferentEnds)
{
    EXPECT_EQ(error_of("endpoints: {a: {}}\njobs:\n  j: {tables: [x]}\n"),
              "c.yaml:3:3: Job 'j' has no 'from'; it names an endpoint.\n"
              "c.yaml:3:3: Job 'j' has no 'to'; it names an endpoint.");
    EXPECT_EQ(error_of("endpoints: {a: {}}\njobs:\n  j: {from: a, to: a}\n"),
              "c.yaml:3:3: Job 'j' has the same endpoint for 'from' and 'to'.");
}

TEST(ReadConfig, RefusesWrongTypes)
{
    EXPECT_EQ(error_of("[a]\n"), "c.yaml:1:1: The file must be a mapping, not a list.");
    EXPECT_EQ(error_of("hello\n"), "c.yaml:1:1: The file must be a mapping, not 'hello'.");
    EXPECT_EQ(error_of("endpoints:\n"), "c.yaml:1:1: 'endpoints' must be a mapping, not empty.");
    EXPECT_EQ(error_of("endpoints: {p: mysql}\n"),
              "c.yaml:1:16: Endpoint 'p' must be a mapping, not 'mysql'.");
    EXPECT_EQ(error_of("endpoints: {p: {host: [h]}}\n"),
              "c.yaml:1:23: 'host' must be text, not a list.");
    EXPECT_EQ(error_of("endpoints: {p: {host: }}\n"),
              "c.yaml:1:17: 'host' must be text, not empty.");
    EXPECT_EQ(error_of("endpoints: {p: {host: ''}}\n"), "c.yaml:1:23: 'host' must not be empty.");
    EXPECT_EQ(error_of("endpoints: {p: {host: \"a\\0b\"}}\n"),
              "c.yaml:1:23: 'host' must not hold a NUL byte.");
    EXPECT_EQ(error_of("jobs: [x]\n"), "c.yaml:1:7: 'jobs' must be a mapping, not a list.");
    EXPECT_EQ(error_of("jobs: {j: x}\n"), "c.yaml:1:11: Job 'j' must be a mapping, not 'x'.");
    EXPECT_EQ(error_of("{[a, b]: c}\n"), "c.yaml:1:2: A key must be a name, not a list.");
    EXPECT_EQ(
        error_of(job_with("    tables: x\n")),
        "c.yaml:6:13: 'tables' must be a list of at least one table (without it, every table is "
        "meant), not 'x'.");
    EXPECT_THAT(error_of(job_with("    tables: []\n")),
                HasSubstr("c.yaml:6:13: 'tables' must be a list"));
}

TEST(ReadConfig, RefusesBadValues)
{
    EXPECT_EQ(error_of("endpoints: {p: {port: 0}}\n"),
              "c.yaml:1:23: 'port' must be a port between 1 and 65535, not '0'.");
    EXPECT_EQ(error_of("endpoints: {p: {prompt: maybe}}\n"),
              "c.yaml:1:25: 'prompt' must be true or false, not 'maybe'.");
    EXPECT_EQ(error_of("defaults: {ssl_mode: on}\n"),
              "c.yaml:1:22: 'ssl_mode' must be disabled, preferred, required, verify_ca or "
              "verify_identity, not 'on'.");
    EXPECT_EQ(error_of("defaults: {connect_timeout: 0}\n"),
              "c.yaml:1:29: 'connect_timeout' must be a time from 1s to 24h, such as 30, 30s or "
              "5m, not '0'.");
    EXPECT_EQ(error_of("defaults: {digest: crc32}\n"),
              "c.yaml:1:20: 'digest' must be auto, md5 or sha256, not 'crc32'.");
    EXPECT_EQ(error_of("defaults: {outside: drop}\n"),
              "c.yaml:1:21: 'outside' must be delete or keep, not 'drop'.");
    EXPECT_EQ(error_of("defaults: {max_delete: 200%}\n"),
              "c.yaml:1:24: 'max_delete' must be a number of rows or a percentage such as 10%, not "
              "'200%'.");
    EXPECT_EQ(error_of("defaults: {jobs: 0}\n"),
              "c.yaml:1:18: 'jobs' must be a number from 1 to 64, not '0'.");
    for (const auto* zoom : {"[1, 1000]", "[]", "[0]", "[a]", "[[1]]", "{}", "~", "1000"})
        EXPECT_THAT(
            error_of("defaults: {zoom: " + std::string(zoom) + "}\n"),
            HasSubstr("'zoom' must be 'auto' or up to 8 positive sizes that go down, such as "
                      "[1000, 1], not "))
            << zoom;
}

TEST(ReadConfig, RefusesBadTables)
{
    EXPECT_EQ(table_error("[x]"),
              "c.yaml:7:9: An entry of 'tables' must be a table's name, or a mapping "
              "that starts with 'table:'.");
    EXPECT_EQ(table_error("{where: a}"),
              "c.yaml:7:9: A table must have the key 'table' with its name.");
    EXPECT_EQ(table_error("''"), "c.yaml:7:9: A table's name must not be empty.");
    EXPECT_EQ(table_error("{table: x, skip: 1}"),
              "c.yaml:7:26: 'skip' must be true or false, not '1'.");
    EXPECT_EQ(table_error("{table: x, where: }"), "c.yaml:7:20: 'where' must be text, not empty.");
    EXPECT_EQ(
        table_error("{table: x, key: {a: b}}"),
        "c.yaml:7:25: 'key' must be a unique key's name or a list of columns, not a mapping.");
    EXPECT_EQ(table_error("{table: x, key: []}"),
              "c.yaml:7:25: 'key' must be a list of at least one name, not a list.");
    EXPECT_EQ(table_error("{table: x, key: [a, a]}"), "c.yaml:7:29: 'a' stands twice in 'key'.");
    EXPECT_EQ(table_error("{table: x, key: [a, [b]]}"),
              "c.yaml:7:29: A name in 'key' must be text, not a list.");
    EXPECT_EQ(table_error("{table: x, columns: [a]}"),
              "c.yaml:7:29: 'columns' must be a mapping, not a list.");
    EXPECT_EQ(table_error("{table: x, columns: {exclude: a}}"),
              "c.yaml:7:39: 'exclude' must be a list of at least one name, not 'a'.");
    EXPECT_EQ(table_error("x\n      - table: x"),
              "c.yaml:8:9: Table 'x' is listed twice; it was first given on line 7.");
}

TEST(ReadConfig, RefusesEndpointsThatContradictThemselves)
{
    EXPECT_EQ(error_of("endpoints: {p: {host: h, socket: /s}}\n"),
              "c.yaml:1:13: Endpoint 'p' has both 'socket' and 'host' or 'port'; keep one.");
    EXPECT_EQ(error_of("endpoints: {p: {prompt: true, password_env: X}}\n"),
              "c.yaml:1:13: Endpoint 'p' has more than one of 'password', 'password_env', "
              "'password_file' "
              "and 'prompt'; keep one.");
}

TEST(ReadConfig, RefusesNamesThatDoNotFitACommandLine)
{
    EXPECT_EQ(
        error_of("endpoints: {'a b': {}}\n"),
        "c.yaml:1:13: An endpoint's name is made of at most 64 letters, digits, '_', '-' and '.'; "
        "'a b' is not.");
    EXPECT_THAT(error_of("jobs: {a/b: {}}\n"), HasSubstr("c.yaml:1:8: A job's name is made of"));
}

TEST(ReadConfig, NeverShowsAPassword)
{
    EXPECT_EQ(error_of("endpoints: {p: {password: [secret]}}\n"),
              "c.yaml:1:27: 'password' must be text without a NUL byte; put it in quotes.");
    EXPECT_THAT(error_of("endpoints: {p: {password: \"secret\\0\"}}\n"), Not(HasSubstr("secret")));
}

TEST(ReadConfig, TellsEverythingAtOnceInFileOrder)
{
    EXPECT_EQ(
        error_of("endpoints:\n"
                 "  a: {port: x}\n"
                 "jobs:\n"
                 "  j: {from: b, to: a, zom: 1}\n"
                 "extra: 1\n"),
        "c.yaml:2:13: 'port' must be a port between 1 and 65535, not 'x'.\n"
        "c.yaml:4:13: There is no endpoint 'b'; did you mean 'a'?\n"
        "c.yaml:4:23: Unknown key 'zom'; did you mean 'zoom'?\n"
        "c.yaml:5:1: Unknown key 'extra'; expected 'include', 'vars', 'endpoints', 'defaults', "
        "'steps' or 'jobs'.");
}

TEST(ReadConfig, CountsTheProblemsItDoesNotList)
{
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += "unknown" + std::to_string(i) + ": 1\n";
    EXPECT_THAT(error_of(text), HasSubstr("\n… and 10 more."));
}

TEST(ReadConfig, ShortensAndCleansWhatItQuotes)
{
    const auto message =
        error_of("defaults: {digest: \"\\e[31m" + std::string(5000, 'x') + "\"}\n");
    EXPECT_LT(message.size(), 200U);
    EXPECT_THAT(message, Not(HasSubstr("\x1B")));
}

TEST(ReadConfig, RefusesAnEmptyFile)
{
    for (const auto* text : {"", "# only a comment\n", "~\n", "---\n"})
        EXPECT_EQ(
            error_of(text),
            "c.yaml:1:1: The file is empty; it needs at least 'endpoints' (see docs/config.md).")
            << text;
}

TEST(ReadConfig, ReadsFiles)
{
    const TemporaryFolder folder;
    const auto path = folder.write("c.yaml", "endpoints: {a: {host: h}}\n");
    EXPECT_EQ(read_config(path).file, path);
    EXPECT_EQ(message_of<base::UsageError>([] { read_config("/nonexistent.yaml"); }),
              "Cannot read the config '/nonexistent.yaml': No such file or directory.");
    const auto huge = folder.write("huge.yaml", std::string(5 << 20, '#'));
    EXPECT_THAT(message_of<base::UsageError>([&] { read_config(huge); }), HasSubstr("larger than"));
}

} // namespace slicetool::config
