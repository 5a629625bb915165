#include "cli/server_fixture.hpp"
#include "integration/hostile_proxy.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

/// Where a password must not be: the list of processes, logs, reports, messages; and who may read
/// the files that the program writes.
namespace slicetool::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The arguments of the children of this process, as every user of the machine can read them.
std::string arguments_of(pid_t pid)
{
    std::ostringstream text;
    text << std::ifstream("/proc/" + std::to_string(pid) + "/cmdline").rdbuf();
    return text.str();
}

/// A server that takes the connection and says nothing: the program waits for it, in full view.
class SilentServer
{
public:
    SilentServer() : m_proxy(0, "", [](HostileWire&) {}) {}
    std::uint16_t port() const { return m_proxy.port(); }
    bool was_reached() const { return m_proxy.answered() > 0; }

private:
    HostileProxy m_proxy;
};

TEST(CliSecrets, ThePasswordOfAUrlIsNotInTheListOfProcesses)
{
    for (const std::string form : {"--from=", "--from "}) {
        const SilentServer server;
        const std::string url =
            fmt::format("mysql://reader:geheim73@127.0.0.1:{}/shop", server.port());
        std::vector<std::string> words = {"verify", "--to", url + "2"};
        if (form.back() == '=')
            words.push_back(form + url);
        else
            words.insert(words.end(), {"--from", url});
        Process tool(slicetool_words(words));
        while (!server.was_reached() && !tool.wait_for(std::chrono::milliseconds(5)))
            ;
        ASSERT_TRUE(server.was_reached());
        const std::string seen = arguments_of(tool.pid());
        EXPECT_THAT(seen, HasSubstr("reader:xxxxxxxx@127.0.0.1"));
        EXPECT_THAT(seen, Not(HasSubstr("geheim")));
        tool.signal(SIGTERM);
        EXPECT_THAT(tool.wait().err, Not(HasSubstr("geheim")));
    }
}

class CliSecretFiles : public CliTest
{
};

INSTANTIATE_TEST_SUITE_P(Pairings, CliSecretFiles, testing::ValuesIn(pairings()), pairing_name);

TEST_P(CliSecretFiles, NoTextOfARunHoldsThePassword)
{
    make_ids(20);
    m_down->run({"DELETE FROM ids WHERE id = 3"});
    const std::string user = fmt::format("slicetool_{}", ::getpid());
    m_up->run({"DROP USER IF EXISTS " + user + "@localhost",
               "CREATE USER " + user + "@localhost IDENTIFIED BY 'geheim73'",
               "GRANT ALL ON `" + m_up->endpoint().database + "`.* TO " + user + "@localhost"});
    base::Endpoint endpoint = m_up->endpoint();
    endpoint.user = user;
    std::string url = endpoint.url();
    url.insert(url.find('@'), ":geheim73");
    TemporaryFolder folder;
    const std::string log = folder.path() + "/run.log";
    for (const std::string command : {"pull_schema", "verify", "slice"}) {
        for (const bool json : {false, true}) {
            std::vector<std::string> words = {command,       "--from", url,          "--to", down(),
                                              "--log-level", "trace",  "--log-file", log};
            if (json)
                words.push_back("--json");
            const Ended ended = slicetool(words);
            EXPECT_LE(ended.status, 1) << ended.err << ended.out;
            EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("geheim")));
            EXPECT_THAT(ended.err, HasSubstr("password on the command line")) << "and warns";
        }
    }
    m_up->run({"DROP USER " + user + "@localhost"});
    EXPECT_THAT(folder.read("run.log"), HasSubstr("SELECT"));
    EXPECT_THAT(folder.read("run.log"), Not(HasSubstr("geheim")));
}

TEST_P(CliSecretFiles, AreReadableByTheirOwnerOnly)
{
    make_ids(3);
    TemporaryFolder folder;
    const std::string log = folder.path() + "/run.log";
    const mode_t before = ::umask(0);
    const Ended ended = tool("slice", {"--log-level", "trace", "--log-file", log});
    ::umask(before);
    EXPECT_EQ(ended.status, 0) << ended.err;
    for (const auto& file : std::filesystem::directory_iterator(folder.path()))
        EXPECT_EQ(file.status().permissions(),
                  std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
            << file.path();
    EXPECT_TRUE(std::filesystem::exists(log));
}

} // namespace
} // namespace slicetool::test
