#include "config/include.hpp"

#include "base/error.hpp"
#include "config/read_config.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::HasSubstr;

namespace {

std::string error_of(const std::string& path)
{
    return message_of<base::UsageError>([&] { read_config(path); });
}

} // namespace

TEST(Include, PutsTheSectionsOfFilesTogether)
{
    const TemporaryFolder folder;
    folder.write("more/ends.yaml", "endpoints: {a: {host: h, password_file: pw}}\n"
                                   "vars: {x: 1}\n"
                                   "defaults: {jobs: 2, ssl_ca: ca.pem}\n"
                                   "steps: {s: lite}\n");
    folder.write("more/jobs.yaml", "jobs: {k: {from: a, to: b}}\n");
    const auto path = folder.write("c.yaml", "include: [more/ends.yaml, more/jobs.yaml]\n"
                                             "endpoints: {b: {host: h}}\n"
                                             "vars: {y: \"${x}2\"}\n"
                                             "defaults: {digest: md5, ssl_key: key.pem}\n"
                                             "jobs: {j: {from: a, to: b, tables: [{table: t, "
                                             "where: \"${y}\", steps: [s]}]}}\n");
    const auto config = read_config(path);
    EXPECT_EQ(config.file, path);
    EXPECT_EQ(config.endpoints.size(), 2U);
    EXPECT_EQ(config.endpoints.at("a").settings.password_file, folder.path("more/pw"));
    EXPECT_EQ(config.endpoints.at("a").position.text(), folder.path("more/ends.yaml") + ":1:13");
    EXPECT_EQ(config.defaults.endpoint.ca_file, folder.path("more/ca.pem"));
    EXPECT_EQ(config.defaults.endpoint.key_file, folder.path("key.pem"));
    EXPECT_EQ(config.defaults.options.jobs, 2U);
    EXPECT_EQ(config.jobs.at("j").tables[0].where, "12");
    EXPECT_EQ(config.jobs.at("j").tables[0].steps.at(0).kind, StepKind::lite);
    EXPECT_TRUE(config.jobs.contains("k"));
}

TEST(Include, ProblemsNameTheirOwnFile)
{
    const TemporaryFolder folder;
    const auto ends = folder.write("ends.yaml", "endpoints: {a: {port: x}}\nendpoint: 1\n");
    const auto path = folder.write("c.yaml", "include: ends.yaml\njobs: {j: {from: a, to: c}}\n");
    EXPECT_EQ(error_of(path), path + ":2:25: There is no endpoint 'c'; did you mean 'a'?\n" + ends +
                                  ":1:23: 'port' must be a port between 1 and 65535, not 'x'.\n" +
                                  ends + ":2:1: Unknown key 'endpoint'; did you mean 'endpoints'?");
}

TEST(Include, NamesGivenTwiceAreToldWithBothPlaces)
{
    const TemporaryFolder folder;
    const auto ends =
        folder.write("ends.yaml", "defaults: {jobs: 2}\nendpoints:\n  a: {host: h}\n");
    const auto path = folder.write(
        "c.yaml", "endpoints: {a: {host: h}}\ninclude: ends.yaml\ndefaults: {jobs: 3}\n");
    EXPECT_EQ(error_of(path),
              path + ":1:13: Duplicate key 'a'; it was first given at " + ends + ":3:3.\n" + path +
                  ":3:12: Duplicate key 'jobs'; it was first given at " + ends + ":1:12.");
}

TEST(Include, SectionsAreNotGivenTwiceInOneFile)
{
    const TemporaryFolder folder;
    folder.write("d.yaml", "endpoints: {b: {host: h}}\n");
    const auto path = folder.write(
        "c.yaml", "include: d.yaml\nendpoints: {a: {host: h}}\nendpoints: {c: {host: h}}\n");
    EXPECT_THAT(error_of(path), HasSubstr(path + ":3:1: Duplicate key 'endpoints'"));
}

TEST(Include, RefusesCyclesButNotFilesThatSeveralInclude)
{
    const TemporaryFolder folder;
    const auto a = folder.write("a.yaml", "include: sub/b.yaml\n");
    const auto b = folder.write("sub/b.yaml", "include: ../a.yaml\n");
    EXPECT_EQ(error_of(a), b + ":1:10: This include leads back to a file that is being read: " + a +
                               " includes " + b + " includes " + a + ".");
    const auto own = folder.write("own.yaml", "include: own.yaml\n");
    EXPECT_THAT(error_of(own), HasSubstr(own + " includes " + own + "."));
    folder.write("ends.yaml", "endpoints: {a: {host: h}}\n");
    folder.write("one.yaml", "include: ends.yaml\n");
    folder.write("two.yaml", "include: sub/../ends.yaml\n");
    EXPECT_EQ(read_config(folder.write("both.yaml", "include: [one.yaml, two.yaml, ends.yaml]\n"))
                  .endpoints.size(),
              1U);
}

TEST(Include, RefusesWhatCannotBeIncluded)
{
    const TemporaryFolder folder;
    const auto none = folder.write("none.yaml", "include: no.yaml\nendpoints: {}\n");
    EXPECT_EQ(error_of(none), none + ":1:10: Cannot read the included file '" +
                                  folder.path("no.yaml") + "': No such file or directory.");
    folder.write("list.yaml", "[x]\n");
    EXPECT_EQ(error_of(folder.write("c.yaml", "include: list.yaml\n")),
              folder.path("list.yaml") + ":1:1: An included file must be a mapping, as every "
                                         "config is.");
    folder.write("broken.yaml", "a: 'x\n");
    EXPECT_THAT(error_of(folder.write("c.yaml", "include: broken.yaml\n")),
                HasSubstr(folder.path("broken.yaml") + ":1:"));
    EXPECT_THAT(error_of(folder.write("c.yaml", "include: {a: b}\n")),
                HasSubstr(":1:10: 'include' must be the path of a file, or a list of them, not a "
                          "mapping."));
    EXPECT_THAT(error_of(folder.write("c.yaml", "include: \"${NO_SUCH_VARIABLE}/x.yaml\"\n")),
                HasSubstr(":1:10: The variable 'NO_SUCH_VARIABLE' is not set"));
    EXPECT_EQ(message_of<base::UsageError>([] { parse_config("include: /x\n", "c.yaml"); }),
              "c.yaml:1:10: There is no file here to include others from.");
}

TEST(Include, AllFilesTogetherHaveTheLimitsOfOne)
{
    const TemporaryFolder folder;
    folder.write("big.yaml", "# " + std::string(3 << 20, 'x') + "\nvars: {a: b}\n");
    const auto path =
        folder.write("c.yaml", "include: big.yaml\n# " + std::string(2 << 20, 'x') + "\n");
    EXPECT_THAT(error_of(path), HasSubstr("big.yaml:2:1: With this file, the config is larger than "
                                          "4 MiB or has more than 500000 values."));
}

} // namespace slicetool::config
