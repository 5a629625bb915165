#pragma once

#include "cli/process.hpp"
#include "integration/schema_fixture.hpp"

#include <csignal>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace slicetool::test {

/// A server of one test alone, which may be killed. Its data go in the end.
class OwnServer
{
public:
    /// `options` are the server's own, from its first start on.
    explicit OwnServer(std::string family, std::vector<std::string> options = {})
        : m_family(std::move(family))
    {
        start(options);
    }
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;
    ~OwnServer() { servers({"stop", "victim", "--purge"}); }

    /// The process is gone when this returns.
    void kill() const
    {
        ::kill(m_pid, SIGKILL);
        servers({"stop", "victim"});
    }

    /// After a kill: at the same socket and, if it is still free, the same port.
    void start(const std::vector<std::string>& options = {})
    {
        std::vector<std::string> words = {"start", m_family, "victim"};
        if (!options.empty()) {
            words.emplace_back("--");
            words.insert(words.end(), options.begin(), options.end());
        }
        const Ended started = servers(words);
        if (started.status != 0)
            throw std::runtime_error("the server did not start: " + started.err);
        read_settings();
    }

    const std::string& url() const { return m_url; }
    std::uint16_t port() const { return m_port; }

private:
    Ended servers(const std::vector<std::string>& words) const
    {
        std::vector<std::string> all = {SLICETOOL_SOURCE "/scripts/servers", words.front(), "--dir",
                                        m_folder.path()};
        all.insert(all.end(), words.begin() + 1, words.end());
        return Process(all).wait();
    }

    void read_settings()
    {
        std::istringstream lines(servers({"env", "victim"}).out);
        for (std::string line; std::getline(lines, line);) {
            if (line.rfind("pid=", 0) == 0)
                m_pid = std::stoi(line.substr(4));
            if (line.rfind("port=", 0) == 0)
                m_port = static_cast<std::uint16_t>(std::stoul(line.substr(5)));
            if (line.rfind("socket=", 0) == 0)
                m_url = "mysql://root@localhost/?socket=" + line.substr(7);
        }
    }

    TemporaryFolder m_folder;
    std::string m_family;
    pid_t m_pid = 0;
    std::uint16_t m_port = 0;
    std::string m_url;
};

/// Lets go of a database whose server was killed meanwhile: there is nobody to drop it.
class KeptDatabase
{
public:
    explicit KeptDatabase(std::unique_ptr<ScratchDatabase>& database) : m_database(database) {}
    KeptDatabase(const KeptDatabase&) = delete;
    KeptDatabase& operator=(const KeptDatabase&) = delete;
    ~KeptDatabase()
    {
        const bool kept = std::getenv("SLICETOOL_TEST_KEEP") != nullptr;
        ::setenv("SLICETOOL_TEST_KEEP", "1", 1);
        m_database.reset();
        if (!kept)
            ::unsetenv("SLICETOOL_TEST_KEEP");
    }

private:
    std::unique_ptr<ScratchDatabase>& m_database;
};

} // namespace slicetool::test
