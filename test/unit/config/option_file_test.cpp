#include "config/option_file.hpp"

#include "base/error.hpp"
#include "config/option_line.hpp"
#include "temporary_folder.hpp"

#include <gmock/gmock.h>

namespace slicetool::config {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

EndpointSettings settings_of(const std::string& text)
{
    const TemporaryFolder folder;
    return read_defaults_file(folder.write("my.cnf", text)).settings;
}

std::string error_of(const std::string& text)
{
    const TemporaryFolder folder;
    const auto path = folder.write("my.cnf", text);
    auto message = message_of<base::UsageError>([&] { read_defaults_file(path); });
    if (message.starts_with(path))
        message.erase(0, path.size());
    return message;
}

} // namespace

TEST(OptionLine, KeepsTheRulesOfTheMysqlClient)
{
    const std::vector<std::pair<const char*, const char*>> cases{
        {"password=plain", "plain"},
        {"  Password = plain  ", "plain"},
        {"password=with # comment", "with"},
        {"password=with;semicolon", "with;semicolon"},
        {"password='a # b'  # comment", "a # b"},
        {"password=\"it's\"", "it's"},
        {"password='say \"hi\"'", "say \"hi\""},
        {"password='it\\'s'", "it's"},
        {"password='it\\'s # in'", "it's # in"},
        {"password=\"  spaces  \"", "  spaces  "},
        {"password=\\sspace\\s", " space "},
        {"password=tab\\tnew\\nreturn\\rback\\b", "tab\tnew\nreturn\rback\b"},
        {"password=back\\\\slash", "back\\slash"},
        {"password=c:\\dir\\qux", "c:\\dir\\qux"},
        {"password=ends\\", "ends\\"},
        {"password=a=b", "a=b"},
        {"password='", "'"},
        {"password='half", "'half"},
        {"password=", ""},
        {"password=''", ""},
        {"password=plain\r", "plain"},
    };
    for (const auto& [line, value] : cases) {
        const auto parsed = parse_option_line(line);
        EXPECT_EQ(parsed.kind, OptionLine::Kind::option) << line;
        EXPECT_EQ(parsed.name, "password") << line;
        EXPECT_EQ(parsed.value, value) << line;
    }
}

TEST(OptionLine, TellsKindsApart)
{
    using Kind = OptionLine::Kind;
    EXPECT_EQ(parse_option_line("").kind, Kind::blank);
    EXPECT_EQ(parse_option_line("  # x").kind, Kind::blank);
    EXPECT_EQ(parse_option_line(";x=y").kind, Kind::blank);
    EXPECT_EQ(parse_option_line("[ client ] # x").name, "client");
    EXPECT_EQ(parse_option_line("[client").kind, Kind::malformed);
    EXPECT_EQ(parse_option_line("= x").kind, Kind::malformed);
    EXPECT_EQ(parse_option_line("!include /a b.cnf").name, "/a b.cnf");
    EXPECT_EQ(parse_option_line("!includedir /etc").kind, Kind::include_folder);
    EXPECT_EQ(parse_option_line("!include").kind, Kind::malformed);
    EXPECT_EQ(parse_option_line("!includefoo /x").kind, Kind::malformed);
    EXPECT_EQ(parse_option_line("!other /x").kind, Kind::malformed);
    EXPECT_EQ(parse_option_line(std::string_view("user=a\0b", 8)).kind, Kind::malformed);
    EXPECT_EQ(parse_option_line("ssl_verify_server_cert").name, "ssl-verify-server-cert");
    EXPECT_EQ(parse_option_line("ssl").value, std::nullopt);
}

TEST(OptionFile, FillsEverySetting)
{
    const auto s = settings_of("[client]\nuser=u\npassword='p # q'\nhost=h\nport=3307\ndatabase=d\n"
                               "ssl_mode=VERIFY_CA\nssl-ca=/ca\nssl-cert=/cert\nssl-key=/key\n"
                               "connect_timeout=7\nread-timeout=8\n");
    EXPECT_EQ(s.user, "u");
    EXPECT_EQ(s.password, "p # q");
    EXPECT_EQ(s.host, "h");
    EXPECT_EQ(s.port, 3307);
    EXPECT_EQ(s.database, "d");
    EXPECT_EQ(s.tls_mode, base::TlsMode::verify_ca);
    EXPECT_EQ(s.ca_file, "/ca");
    EXPECT_EQ(s.certificate_file, "/cert");
    EXPECT_EQ(s.key_file, "/key");
    EXPECT_EQ(s.connect_timeout, std::chrono::seconds(7));
    EXPECT_EQ(s.read_timeout, std::chrono::seconds(8));
    EXPECT_EQ(settings_of("[client]\nsocket=/s\n").socket, "/s");
}

TEST(OptionFile, OwnGroupIsStrongerWhereverItStands)
{
    const auto s = settings_of("[slicetool]\nuser=own\n[client]\nuser=client\npassword=p\n"
                               "[client-mariadb]\npassword=q\n[mysqld]\nuser=mysql\nport=1\n");
    EXPECT_EQ(s.user, "own");
    EXPECT_EQ(s.password, "q");
    EXPECT_EQ(s.port, std::nullopt);
}

TEST(OptionFile, HostElsewhereSwitchesTheSocketOff)
{
    const auto s = settings_of("[client-server]\nsocket=/run/s\n[client]\nhost=db1\n");
    EXPECT_EQ(s.host, "db1");
    EXPECT_EQ(s.socket, std::nullopt);
    EXPECT_EQ(settings_of("[client]\nsocket=/run/s\nhost=localhost\n").socket, "/run/s");
}

TEST(OptionFile, PasswordWithoutValueAsks)
{
    const auto s = settings_of("[client]\npassword\n");
    EXPECT_EQ(s.password, std::nullopt);
    EXPECT_EQ(s.prompt, true);
    EXPECT_EQ(settings_of("[client]\npassword=\n").password, "");
}

TEST(OptionFile, KnowsTheTlsWordsOfMariaDb)
{
    EXPECT_EQ(settings_of("[client]\nssl\n").tls_mode, base::TlsMode::required);
    EXPECT_EQ(settings_of("[client]\nssl=1\nssl-verify-server-cert\nssl\n").tls_mode,
              base::TlsMode::verify_identity);
    EXPECT_EQ(settings_of("[client]\nssl-verify-server-cert=off\n").tls_mode, std::nullopt);
}

TEST(OptionFile, SkipsWhatOtherProgramsPutIntoSharedGroups)
{
    EXPECT_EQ(settings_of("[client]\ndefault-character-set=utf8mb4\nuser=u\n").user, "u");
}

TEST(OptionFile, SaysWhatIsWrongWithTheLine)
{
    EXPECT_EQ(error_of("\n[client\n"),
              ":2: This line is neither a [group], an option, a comment nor an !include.");
    EXPECT_EQ(error_of("user=u\n"), ":1: This option stands before the first [group].");
    EXPECT_EQ(error_of("[client]\nport=x\n"),
              ":2: 'port' must be a port between 1 and 65535, not 'x'.");
    EXPECT_EQ(
        error_of("[client]\nssl-mode=x\n"),
        ":2: 'ssl-mode' must be disabled, preferred, required, verify_ca or verify_identity, not "
        "'x'.");
    EXPECT_EQ(
        error_of("[client]\nconnect-timeout=x\n"),
        ":2: 'connect-timeout' must be a time from 1s to 24h, such as 30, 30s or 5m, not 'x'.");
    EXPECT_EQ(error_of("[slicetool]\nhst=x\n"),
              ":2: Unknown option 'hst' in [slicetool]; did you mean 'host'?");
    EXPECT_THAT(error_of(std::string(2 << 20, 'x')), HasSubstr("larger than 1048576 bytes"));
}

TEST(OptionFile, MissingDefaultsFileIsAnError)
{
    EXPECT_EQ(message_of<base::UsageError>([] { read_defaults_file("/nonexistent/my.cnf"); }),
              "Cannot read the option file '/nonexistent/my.cnf': No such file or directory.");
    EXPECT_EQ(message_of<base::UsageError>([] { read_defaults_file("/tmp"); }),
              "Cannot read the option file '/tmp': Is a directory.");
}

TEST(OptionFile, LaterFilesAreStrongerAndMissingOnesSkipped)
{
    const TemporaryFolder folder;
    const auto first = folder.write("a.cnf", "[client]\nuser=a\nport=1\n");
    const auto second = folder.write("b.cnf", "[client]\nuser=b\n");
    const auto files = read_option_files({first, folder.path("none.cnf"), second});
    EXPECT_EQ(files.settings.user, "b");
    EXPECT_EQ(files.settings.port, 1);
    EXPECT_THAT(files.warnings, IsEmpty());
}

TEST(OptionFile, IncludesFilesAndFoldersInPlace)
{
    const TemporaryFolder folder;
    folder.write("conf.d/2.cnf", "[client]\nuser=two\n");
    folder.write("conf.d/1.cnf", "[client]\nuser=one\nport=1\n");
    folder.write("conf.d/3.txt", "[client]\nuser=three\n");
    folder.write("extra", "[client]\ndatabase=d\n");
    const auto path =
        folder.write("my.cnf", "[client]\nport=9\n!includedir " + folder.path("conf.d") +
                                   "\n!include " + folder.path("extra") + "\nhost=h\n");
    const auto s = read_defaults_file(path).settings;
    EXPECT_EQ(s.user, "two");
    EXPECT_EQ(s.port, 1);
    EXPECT_EQ(s.database, "d");
    EXPECT_EQ(s.host, "h");
}

TEST(OptionFile, MissingIncludesAreWarnedAbout)
{
    const TemporaryFolder folder;
    const auto path =
        folder.write("my.cnf", "!include /nonexistent/a\n!includedir /nonexistent/b\n");
    EXPECT_THAT(read_defaults_file(path).warnings,
                ElementsAre(path + ":1: '/nonexistent/a' cannot be read and is skipped.",
                            path + ":2: '/nonexistent/b' cannot be read and is skipped."));
}

TEST(OptionFile, IncludesOfThemselvesEnd)
{
    const TemporaryFolder folder;
    const auto path = folder.write("my.cnf", "!include " + folder.path("my.cnf") + "\n");
    EXPECT_EQ(message_of<base::UsageError>([&] { read_defaults_file(path); }),
              path + ":1: Includes are nested more than 10 deep.");
    for (char name = 'a'; name < 'f'; ++name)
        folder.write(std::string("d/") + name + ".cnf", "!includedir " + folder.path("d") + "\n");
    const auto outer = folder.write("outer.cnf", "!includedir " + folder.path("d") + "\n");
    EXPECT_NE(message_of<base::UsageError>([&] { read_defaults_file(outer); }), "nothing thrown");
}

TEST(OptionFile, ManyIncludesEnd)
{
    const TemporaryFolder folder;
    const auto leaf = folder.write("leaf", "");
    std::string text;
    for (int i = 0; i < 257; ++i)
        text += "!include " + leaf + "\n";
    EXPECT_EQ(error_of(text), ":257: More than 256 files are included.");
}

TEST(OptionFile, WarnsOnceOfAPasswordThatEverybodyCanRead)
{
    const TemporaryFolder folder;
    const auto path = folder.write("my.cnf", "[client]\npassword=secret\npassword=secret\n", 0644);
    const auto warnings = read_defaults_file(path).warnings;
    EXPECT_THAT(warnings,
                ElementsAre("The option file '" + path +
                            "' holds a password and can be read by every user; run: chmod 600 '" +
                            path + "'"));
    EXPECT_THAT(read_defaults_file(folder.write("b", "[client]\nuser=u\n", 0644)).warnings,
                IsEmpty());
    EXPECT_THAT(read_defaults_file(folder.write("c", "[client]\npassword=p\n", 0640)).warnings,
                IsEmpty());
}

TEST(OptionFile, FilesThatEverybodyCanWriteAreNotTrusted)
{
    const TemporaryFolder folder;
    const auto path = folder.write("my.cnf", "[client]\nhost=evil\n", 0666);
    const auto files = read_option_files({path});
    EXPECT_EQ(files.settings.host, std::nullopt);
    EXPECT_THAT(files.warnings,
                ElementsAre(HasSubstr("is ignored, because anybody may write to it.")));
    EXPECT_THAT(message_of<base::UsageError>([&] { read_defaults_file(path); }),
                HasSubstr("cannot be trusted, because anybody may write to it"));
}

TEST(OptionFile, DefaultFilesAreThoseOfTheMysqlClient)
{
    EXPECT_THAT(default_option_files("/home/u"),
                ElementsAre("/etc/my.cnf", "/etc/mysql/my.cnf", "/home/u/.my.cnf"));
    EXPECT_THAT(default_option_files(""), ElementsAre("/etc/my.cnf", "/etc/mysql/my.cnf"));
}

} // namespace slicetool::config
