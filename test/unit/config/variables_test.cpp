#include "config/variables.hpp"

#include "base/error.hpp"
#include "config/read_config.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::HasSubstr;
using testing::Not;

namespace {

const std::string k_ends = "endpoints: {a: {host: h}, b: {host: h}}\n";

ConfigSources sources()
{
    ConfigSources result;
    result.environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "HERE")
            return "from the environment";
        if (name == "PORT")
            return "s3cret";
        if (name == "BAD")
            return "\x01";
        return std::nullopt;
    };
    return result;
}

Config config_of(const std::string& text)
{
    return parse_config(text, "c.yaml", sources());
}

std::string error_of(const std::string& text)
{
    return message_of<base::UsageError>([&] { config_of(text); });
}

std::string where_of(const std::string& vars, const std::string& job_vars, const std::string& where)
{
    const auto config = config_of(vars + k_ends + "jobs:\n  j: {from: a, to: b, " + job_vars +
                                  "tables: [{table: t, where: \"" + where + "\"}]}\n");
    return config.jobs.at("j").tables.at(0).where;
}

} // namespace

TEST(Variables, JobsAreStrongerThanTheRootAndThatThanTheEnvironment)
{
    EXPECT_EQ(where_of("", "", "${HERE}"), "from the environment");
    EXPECT_EQ(where_of("vars: {HERE: r}\n", "", "x ${HERE} y${HERE}"), "x r yr");
    EXPECT_EQ(where_of("vars: {HERE: r}\n", "vars: {HERE: j}, ", "${HERE}"), "j");
    EXPECT_EQ(where_of("vars: {a: 1}\n", "vars: {b: \"${a}2\", c: \"${b}3\"}, ", "${c}"), "123");
}

TEST(Variables, AreNotLookedForInValues)
{
    EXPECT_EQ(where_of("vars: {a: \"$${HERE}\"}\n", "", "${a}"), "${HERE}");
    EXPECT_EQ(where_of("", "", "$${HERE} $x $ $$"), "${HERE} $x $ $$");
    EXPECT_EQ(where_of("vars: {a: $, b: HERE}\n", "", "${a}{b}"), "${b}");
}

TEST(Variables, StandInEveryValueButNotInKeys)
{
    const auto config = config_of("vars: {n: 7, h: db1}\nendpoints: {'a': {host: \"${h}\", port: "
                                  "\"330${n}\"}}\ndefaults: {zoom: [\"${n}0\", 1]}\n");
    EXPECT_EQ(config.endpoints.at("a").settings.host, "db1");
    EXPECT_EQ(config.endpoints.at("a").settings.port, 3307);
    EXPECT_EQ(config.defaults.options.zoom->sizes.at(0), 70U);
    EXPECT_THAT(error_of("endpoints: {'${HERE}': {host: h}}\n"), HasSubstr("'${HERE}' is not."));
}

TEST(Variables, ReusedStepsTakeThoseOfTheirJob)
{
    const auto config =
        config_of(k_ends + "steps: {recent: {sync: {where: \"at > ${since}\"}}}\n"
                           "jobs:\n"
                           "  j: {from: a, to: b, vars: {since: 1}, tables: [{table: t, steps: "
                           "[recent]}]}\n"
                           "  k: {from: a, to: b, vars: {since: 2}, tables: [{table: t, steps: "
                           "[recent]}]}\n");
    EXPECT_EQ(config.jobs.at("j").tables[0].steps.at(0).where, "at > 1");
    EXPECT_EQ(config.jobs.at("k").tables[0].steps.at(0).where, "at > 2");
}

TEST(Variables, UnsetOnesAreToldOnceEachWithTheirPlace)
{
    EXPECT_EQ(error_of(k_ends + "jobs:\n"
                                "  j: {from: a, to: b, tables: [{table: t, where: \"${NO}\"}, "
                                "{table: u, steps: [s]}, {table: v, steps: [s]}]}\n"
                                "steps: {s: {sync: {where: \"${NEITHER}\"}}}\n"),
              "c.yaml:3:50: The variable 'NO' is not set: neither 'vars' nor the environment has "
              "it.\n"
              "c.yaml:4:27: The variable 'NEITHER' is not set: neither 'vars' nor the environment "
              "has it.");
}

TEST(Variables, RefusesWhatIsNone)
{
    EXPECT_EQ(error_of("vars: {a: \"x${\"}\nendpoints: {}\n"),
              "c.yaml:1:11: '${' begins a variable, as in '${NAME}'; write '$${' for the plain "
              "text.");
    EXPECT_THAT(error_of("vars: {a: \"${a b}\"}\nendpoints: {}\n"),
                HasSubstr("c.yaml:1:11: '${' begins a variable"));
    EXPECT_THAT(error_of("vars: {1a: x}\n"), HasSubstr("c.yaml:1:8: A variable's name is made of"));
    EXPECT_EQ(error_of("vars: {a: [x]}\n"), "c.yaml:1:11: The variable 'a' must be text.");
    EXPECT_EQ(error_of("vars: x\n"), "c.yaml:1:7: 'vars' must be a mapping, not 'x'.");
    EXPECT_EQ(error_of("vars: {a: \"${BAD}\"}\n"),
              "c.yaml:1:11: The value of the variable 'BAD' is not UTF-8 text.");
}

TEST(Variables, MessagesShowNoValue)
{
    EXPECT_EQ(error_of("endpoints: {a: {port: \"${PORT}\"}}\n"),
              "c.yaml:1:23: 'port' must be a port between 1 and 65535, not '${PORT}'.");
}

TEST(Variables, PasswordsAreReplacedAndNeverTold)
{
    const auto config = config_of("vars: {p: \"x $ y\"}\nendpoints: {a: {password: \"${p}z\"}}\n");
    EXPECT_EQ(config.endpoints.at("a").settings.password, "x $ yz");
    for (const auto* password : {"se${cret}ive", "se${cret-ive", "${se cret}"}) {
        const auto message =
            error_of("endpoints: {a: {password: \"" + std::string(password) + "\"}}\n");
        EXPECT_THAT(message, HasSubstr("c.yaml:1:27: A variable in this password is not known"));
        EXPECT_THAT(message, Not(HasSubstr("cret"))) << password;
    }
}

TEST(Variables, CannotGrowWithoutBound)
{
    std::string text = "vars:\n  a0: " + std::string(1000, 'x') + "\n";
    for (int i = 1; i < 30; ++i)
        text += "  a" + std::to_string(i) + ": \"${a" + std::to_string(i - 1) + "}${a" +
                std::to_string(i - 1) + "}\"\n";
    EXPECT_THAT(error_of(text), HasSubstr("the config is larger than 16 MiB."));
    std::string reused = k_ends + "steps: {s: [" + std::string(100, ' ');
    for (int i = 0; i < 90; ++i)
        reused += "{sync: {where: " + std::string(1000, 'x') + "}},";
    reused += "]}\njobs: {j: {from: a, to: b, tables: [";
    for (int i = 0; i < 400; ++i)
        reused += "{table: t" + std::to_string(i) + ", steps: [s]},";
    EXPECT_THAT(error_of(reused + "]}}\n"), HasSubstr("the config is larger than 16 MiB."));
}

} // namespace slicetool::config
