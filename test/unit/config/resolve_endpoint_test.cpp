#include "config/resolve_endpoint.hpp"

#include "base/error.hpp"
#include "config/read_config.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>
#include <map>

namespace slicetool::config {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

/// A world without environment, option files or terminal, to which tests add.
class ResolveEndpoint : public testing::Test
{
protected:
    ResolveEndpoint()
    {
        world.option_files = std::vector<std::string>();
        world.variable = [this](const std::string& name) {
            const auto found = environment.find(name);
            return found == environment.end() ? std::nullopt : std::optional(found->second);
        };
        world.ask = [this](const std::string& prompt) {
            prompts.push_back(prompt);
            return "typed";
        };
    }

    base::Endpoint resolve(std::string_view name_or_url)
    {
        auto result = resolve_endpoint(name_or_url, config ? &*config : nullptr, world);
        warnings = result.warnings;
        return result.endpoint;
    }

    std::string error_of(std::string_view name_or_url)
    {
        return message_of<base::UsageError>([&] { resolve(name_or_url); });
    }

    void use_config(const std::string& text)
    {
        config = parse_config(text, folder.path("shop.yaml"));
    }
    void use_option_file(const std::string& text)
    {
        world.defaults_file = folder.write("my.cnf", text);
    }

    TemporaryFolder folder;
    Surroundings world;
    std::optional<Config> config;
    std::map<std::string, std::string> environment;
    std::vector<std::string> prompts;
    std::vector<std::string> warnings;
};

} // namespace

TEST_F(ResolveEndpoint, FillsAUrlWithBuiltInDefaults)
{
    const auto endpoint = resolve("mysql://reader@db1/shop");
    EXPECT_EQ(endpoint.name, "mysql://reader@db1:3306/shop");
    EXPECT_EQ(endpoint.host, "db1");
    EXPECT_EQ(endpoint.port, 3306);
    EXPECT_EQ(endpoint.user, "reader");
    EXPECT_EQ(endpoint.password, std::nullopt);
    EXPECT_EQ(endpoint.tls.mode, base::TlsMode::preferred);
    EXPECT_EQ(endpoint.connect_timeout, std::chrono::seconds(10));
    EXPECT_EQ(endpoint.read_timeout, std::chrono::seconds(600));
    EXPECT_THAT(warnings, IsEmpty());
    EXPECT_FALSE(resolve("mysql://db1/shop").user.empty());
}

TEST_F(ResolveEndpoint, TakesASocketInsteadOfAHost)
{
    const auto endpoint = resolve("mysql://root@localhost/shop?socket=/run/s");
    EXPECT_EQ(endpoint.socket, "/run/s");
    EXPECT_EQ(endpoint.host, "");
}

TEST_F(ResolveEndpoint, WarnsOfAPasswordInAUrl)
{
    const auto endpoint = resolve("mysql://reader:secret@db1/shop");
    EXPECT_EQ(endpoint.password, "secret");
    EXPECT_THAT(warnings,
                ElementsAre("A password on the command line (--from) can be seen by other users; "
                            "use an option file, or SLICETOOL_FROM_PASSWORD."));
    EXPECT_THAT(endpoint.name, Not(HasSubstr("secret")));
    resolve("mysql://reader:@db1/shop");
    EXPECT_THAT(warnings, IsEmpty());
    world.side = Side::to;
    resolve("mysql://reader:secret@db1/shop");
    EXPECT_THAT(warnings, ElementsAre(HasSubstr("--to")));
}

TEST_F(ResolveEndpoint, FillsAnEntryFromDefaultsThenOptionFile)
{
    use_config("endpoints: {prod: {host: db1, database: shop, read_timeout: 1m}}\n"
               "defaults: {ssl_mode: required, read_timeout: 2m}\n");
    use_option_file("[client]\nuser=u\npassword=p\nssl-mode=disabled\nconnect-timeout=3\n"
                    "read-timeout=4\ndatabase=other\nhost=other\nport=9\nsocket=/s\n");
    const auto endpoint = resolve("prod");
    EXPECT_EQ(endpoint.name, "prod");
    EXPECT_EQ(endpoint.host, "db1");
    EXPECT_EQ(endpoint.port, 3306) << "an option file's port belongs to its own host";
    EXPECT_EQ(endpoint.socket, "");
    EXPECT_EQ(endpoint.user, "u");
    EXPECT_EQ(endpoint.password, "p");
    EXPECT_EQ(endpoint.database, "shop");
    EXPECT_EQ(endpoint.tls.mode, base::TlsMode::required);
    EXPECT_EQ(endpoint.read_timeout, std::chrono::seconds(60));
    EXPECT_EQ(endpoint.connect_timeout, std::chrono::seconds(3));
}

TEST_F(ResolveEndpoint, ConfigDefaultsHoldForUrlsToo)
{
    use_config("defaults: {ssl_mode: required}\n");
    EXPECT_EQ(resolve("mysql://db1/shop").tls.mode, base::TlsMode::required);
    EXPECT_EQ(resolve("mysql://db1/shop?ssl-mode=disabled").tls.mode, base::TlsMode::disabled);
}

TEST_F(ResolveEndpoint, TakesTheWholeAddressFromTheOptionFile)
{
    use_option_file("[client]\nsocket=/run/s\n");
    EXPECT_EQ(resolve("mysql:///shop").socket, "/run/s");
    EXPECT_EQ(resolve("mysql://db1/shop").socket, "");
    EXPECT_EQ(resolve("mysql://:3307/shop").socket, "") << "a port means TCP";
    use_option_file("[client]\nhost=h\nport=9\n");
    EXPECT_EQ(resolve("mysql:///shop").port, 9);
    EXPECT_EQ(resolve("mysql://:3307/shop").port, 3307);
    EXPECT_EQ(resolve("mysql://:3307/shop").host, "h");
}

TEST_F(ResolveEndpoint, NamingACaMeansVerifyingIt)
{
    EXPECT_EQ(resolve("mysql://db1/shop?ssl-ca=/ca").tls.mode, base::TlsMode::verify_ca);
    EXPECT_EQ(resolve("mysql://db1/shop?ssl-ca=/ca&ssl-mode=required").tls.mode,
              base::TlsMode::required);
    EXPECT_EQ(resolve("mysql://db1/shop?ssl-ca=/ca").tls.ca_file, "/ca");
    const auto tls = resolve("mysql://db1/shop?ssl-cert=/c&ssl-key=/k").tls;
    EXPECT_EQ(tls.certificate_file, "/c");
    EXPECT_EQ(tls.key_file, "/k");
}

TEST_F(ResolveEndpoint, OrdersTheSourcesOfPasswords)
{
    use_option_file("[client]\npassword=file\n");
    EXPECT_EQ(resolve("mysql://db1/shop").password, "file");
    environment["MYSQL_PWD"] = "pwd";
    EXPECT_EQ(resolve("mysql://db1/shop").password, "pwd");
    environment["SLICETOOL_FROM_PASSWORD"] = "from";
    environment["SLICETOOL_TO_PASSWORD"] = "to";
    EXPECT_EQ(resolve("mysql://db1/shop").password, "from");
    world.side = Side::to;
    EXPECT_EQ(resolve("mysql://db1/shop").password, "to");
    use_config("endpoints: {prod: {database: shop, password_env: SHOP}}\n");
    environment["SHOP"] = "entry";
    EXPECT_EQ(resolve("prod").password, "entry");
    world.ask_password = AskPassword::yes;
    EXPECT_EQ(resolve("prod").password, "typed");
    EXPECT_THAT(prompts, ElementsAre(HasSubstr("Password for prod (mysql://")));
    EXPECT_EQ(resolve("mysql://u:url@db1/shop").password, "url");
}

TEST_F(ResolveEndpoint, PasswordVariableMustBeSet)
{
    use_config("endpoints: {prod: {database: shop, password_env: SHOP}}\n");
    EXPECT_EQ(error_of("prod"),
              "Endpoint 'prod' takes its password from the environment variable 'SHOP' "
              "(password_env), which is not set.");
}

TEST_F(ResolveEndpoint, PasswordFileStandsBesideTheConfig)
{
    use_config("endpoints: {prod: {database: shop, password_file: secrets/prod}}\n");
    EXPECT_THAT(error_of("prod"),
                HasSubstr("Cannot read the password file '" + folder.path("secrets/prod")));
    folder.write("secrets/prod", "it's # secret\r\nsecond line\n");
    EXPECT_EQ(resolve("prod").password, "it's # secret");
    EXPECT_THAT(warnings, IsEmpty());
    folder.write("secrets/prod", "p", 0644);
    EXPECT_EQ(resolve("prod").password, "p");
    EXPECT_THAT(warnings, ElementsAre(HasSubstr("can be read by every user; run: chmod 600")));
    folder.write("secrets/prod", "\np");
    EXPECT_THAT(error_of("prod"), HasSubstr("holds no password."));
}

TEST_F(ResolveEndpoint, WarnsOfAPasswordInTheConfig)
{
    use_config("endpoints:\n  prod: {database: shop, password: secret}\n");
    EXPECT_EQ(resolve("prod").password, "secret");
    EXPECT_THAT(warnings,
                ElementsAre(folder.path("shop.yaml") +
                            ":2:3: The password of endpoint 'prod' stands in the config; better "
                            "use password_env or password_file."));
}

TEST_F(ResolveEndpoint, PromptsWhenTheEntryOrTheOptionFileSaysSo)
{
    use_config("endpoints: {prod: {database: shop, prompt: true}, dev: {database: shop}}\n");
    EXPECT_EQ(resolve("prod").password, "typed");
    EXPECT_EQ(resolve("dev").password, std::nullopt);
    use_option_file("[client]\npassword\n");
    EXPECT_EQ(resolve("dev").password, "typed");
}

TEST_F(ResolveEndpoint, KeepsAProtectedEndpointProtectedUnderItsUrlAndOtherNames)
{
    use_config("endpoints:\n"
               "  prod: {host: db1, user: u, database: shop, protected: true}\n"
               "  alias: {host: db1, port: 3306, user: v, database: shop}\n"
               "  other: {host: db1, port: 3307, user: u, database: shop}\n"
               "  local: {socket: /s, user: u, database: shop, protected: true}\n");
    EXPECT_TRUE(resolve("prod").is_protected);
    EXPECT_TRUE(resolve("alias").is_protected);
    EXPECT_TRUE(resolve("mysql://w@db1/shop").is_protected);
    EXPECT_TRUE(resolve("mysql://w@localhost/shop?socket=/s").is_protected);
    EXPECT_FALSE(resolve("other").is_protected);
    EXPECT_FALSE(resolve("mysql://w@db1/shop2").is_protected);
}

TEST_F(ResolveEndpoint, SaysWhichNamesThereAre)
{
    EXPECT_EQ(error_of("prod"),
              "--from 'prod' is no URL such as mysql://user@host:3306/database, and "
              "there is no config file to look up a name in (--config).");
    use_config("endpoints: {production: {database: shop}, dev: {database: shop}}\n");
    EXPECT_EQ(error_of("prodution"),
              folder.path("shop.yaml") +
                  " has no endpoint 'prodution'; did you mean 'production'?");
    EXPECT_EQ(error_of("x"),
              folder.path("shop.yaml") + " has no endpoint 'x'; expected 'dev' or 'production'.");
}

TEST_F(ResolveEndpoint, NeedsADatabase)
{
    EXPECT_EQ(error_of("mysql://u:secret@db1"),
              "--from mysql://u@db1:3306/ names no database; write it behind the host, as in "
              "mysql://user@host:3306/shop, or as 'database' in the config.");
}

TEST_F(ResolveEndpoint, DoesNotRepeatAUrlWithoutItsScheme)
{
    for (const auto* text : {"u:secret@db1/shop", "db1:secret", "mysql:secret", ""})
        EXPECT_EQ(error_of(text),
                  "--from must be the name of an endpoint in the config, or a URL such as "
                  "mysql://user@host:3306/database.");
}

TEST_F(ResolveEndpoint, ReadsTheRealEnvironment)
{
    setenv("SLICETOOL_TEST_VARIABLE", "value", 1);
    EXPECT_EQ(environment_variable("SLICETOOL_TEST_VARIABLE"), "value");
    unsetenv("SLICETOOL_TEST_VARIABLE");
    EXPECT_EQ(environment_variable("SLICETOOL_TEST_VARIABLE"), std::nullopt);
}

} // namespace slicetool::config
