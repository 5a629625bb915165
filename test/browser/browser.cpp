#include "browser/browser.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace slicetool::test {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds k_patience{30};
constexpr int k_height = 900;

/// The descriptors that --remote-debugging-pipe reads and writes.
constexpr int k_in = 3;
constexpr int k_out = 4;

std::array<int, 2> make_pipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    // Above the numbers that the browser's ends will have.
    for (int& end : ends) {
        const int moved = ::fcntl(end, F_DUPFD_CLOEXEC, 10);
        ::close(end);
        end = moved;
    }
    return ends;
}

std::string decode_base64(const std::string& text)
{
    static const std::string k_digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t digit = k_digits.find(c);
        if (digit == std::string::npos)
            break;
        bits = bits << 6U | static_cast<unsigned>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
        }
    }
    return bytes;
}

} // namespace

std::string Browser::find()
{
    if (const char* named = std::getenv("SLICETOOL_BROWSER"))
        return named;
    const char* folders = std::getenv("PATH");
    for (const char* name : {"chromium-headless-shell", "chromium"}) {
        std::istringstream list(folders == nullptr ? "" : folders);
        for (std::string folder; std::getline(list, folder, ':');) {
            const std::string path = folder + "/" + name;
            if (::access(path.c_str(), X_OK) == 0)
                return path;
        }
    }
    return "";
}

Browser::Browser(const std::string& program)
{
    std::string profile =
        (std::filesystem::temp_directory_path() / "slicetool-browser.XXXXXX").string();
    if (::mkdtemp(profile.data()) == nullptr)
        throw std::runtime_error("no folder for the browser's profile");
    m_profile = profile;
    const auto to = make_pipe();
    const auto from = make_pipe();
    const std::string user_data = "--user-data-dir=" + m_profile;
    m_pid = ::fork();
    if (m_pid == 0) {
        ::setpgid(0, 0);
        ::dup2(to[0], k_in);
        ::dup2(from[1], k_out);
        const int nowhere = ::open("/dev/null", O_RDWR);
        ::dup2(nowhere, STDOUT_FILENO);
        ::dup2(nowhere, STDERR_FILENO);
        // The sandbox wants a user that is not root; the page is our own.
        ::execl(program.c_str(), program.c_str(), "--headless", "--remote-debugging-pipe",
                "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-extensions", "--disable-background-networking",
                "--disable-component-update", user_data.c_str(), "about:blank",
                static_cast<char*>(nullptr));
        ::_exit(127);
    }
    ::setpgid(m_pid, m_pid);
    ::close(to[0]);
    ::close(from[1]);
    m_to = to[1];
    m_from = from[0];
    const std::string target =
        call_at("", "Target.createTarget", {{"url", "about:blank"}})["targetId"];
    m_session = call_at("", "Target.attachToTarget",
                        {{"targetId", target}, {"flatten", true}})["sessionId"];
    for (const char* domain : {"Page", "Network", "Log", "Runtime"})
        call(std::string(domain) + ".enable");
}

Browser::~Browser()
{
    try {
        call_at("", "Browser.close", json::object());
        for (;;)
            read(); // until it has ended, its helpers before it
    } catch (const std::exception&) {
        ::kill(-m_pid, SIGKILL); // what is left when it did not listen
    }
    ::close(m_to);
    ::close(m_from);
    ::waitpid(m_pid, nullptr, 0);
    std::error_code ignored;
    std::filesystem::remove_all(m_profile, ignored);
}

void Browser::open(const std::string& path, const Look& look)
{
    call(
        "Emulation.setDeviceMetricsOverride",
        {{"width", look.width}, {"height", k_height}, {"deviceScaleFactor", 1}, {"mobile", false}});
    call("Emulation.setEmulatedMedia",
         {{"media", look.print ? "print" : "screen"},
          {"features",
           {{{"name", "prefers-color-scheme"}, {"value", look.dark ? "dark" : "light"}}}}});
    call("Page.navigate", {{"url", "about:blank"}});
    wait_for_event("Page.loadEventFired");
    m_events.clear();
    const json answer = call("Page.navigate", {{"url", "file://" + path}});
    if (answer.contains("errorText"))
        throw std::runtime_error("the browser cannot open " + path + ": " +
                                 answer["errorText"].dump());
    wait_for_event("Page.loadEventFired");
    evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))");
}

json Browser::evaluate(const std::string& expression)
{
    const json answer =
        call("Runtime.evaluate",
             {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
    if (answer.contains("exceptionDetails"))
        throw std::runtime_error(answer["exceptionDetails"].dump());
    return answer["result"].value("value", json());
}

std::string Browser::print()
{
    return decode_base64(call("Page.printToPDF", {{"printBackground", false}})["data"]);
}

std::vector<std::string> Browser::requests()
{
    std::vector<std::string> urls;
    for (const auto& event : m_events)
        if (event["method"] == "Network.requestWillBeSent")
            urls.push_back(event["params"]["request"]["url"]);
    return urls;
}

std::vector<std::string> Browser::complaints()
{
    std::vector<std::string> texts;
    for (const auto& event : m_events) {
        const std::string method = event["method"];
        if (method == "Log.entryAdded" || method == "Runtime.exceptionThrown" ||
            method == "Runtime.consoleAPICalled" || method == "Page.javascriptDialogOpening")
            texts.push_back(event["params"].dump());
    }
    return texts;
}

json Browser::call(const std::string& method, const json& parameters)
{
    return call_at(m_session, method, parameters);
}

json Browser::call_at(const std::string& session, const std::string& method, const json& parameters)
{
    json request = {{"id", ++m_last_id}, {"method", method}, {"params", parameters}};
    if (!session.empty())
        request["sessionId"] = session;
    const std::string text = request.dump() + '\0';
    if (::write(m_to, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("the browser does not listen");
    for (;;) {
        json message = read();
        if (!message.contains("id")) {
            m_events.push_back(std::move(message));
            continue;
        }
        if (message["id"] != m_last_id)
            continue;
        if (message.contains("error"))
            throw std::runtime_error(method + ": " + message["error"].dump());
        return message["result"];
    }
}

void Browser::wait_for_event(const std::string& method)
{
    for (std::size_t seen = 0;; ++seen) {
        if (seen == m_events.size())
            m_events.push_back(read());
        if (m_events[seen].value("method", "") == method)
            return;
    }
}

json Browser::read()
{
    for (;;) {
        if (const auto end = m_unread.find('\0'); end != std::string::npos) {
            const std::string text = m_unread.substr(0, end);
            m_unread.erase(0, end + 1);
            return json::parse(text);
        }
        pollfd readable{m_from, POLLIN, 0};
        const int ready =
            ::poll(&readable, 1, static_cast<int>(std::chrono::milliseconds(k_patience).count()));
        std::array<char, 65536> buffer{};
        const ssize_t size = ready > 0 ? ::read(m_from, buffer.data(), buffer.size()) : -1;
        if (size <= 0 && !(ready < 0 && errno == EINTR))
            throw std::runtime_error(ready == 0 ? "the browser is silent"
                                                : "the browser has ended");
        if (size > 0)
            m_unread.append(buffer.data(), static_cast<std::size_t>(size));
    }
}

} // namespace slicetool::test
