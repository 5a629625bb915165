#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/types.h>
#include <vector>

namespace slicetool::test {

/// Chromium without a window, driven by its DevTools protocol over two pipes
/// (--remote-debugging-pipe: JSON texts that end with a zero byte). One page. Each function throws
/// std::runtime_error when the browser answers with an error, ends, or is silent for 30 seconds.
class Browser
{
public:
    /// The program's path: SLICETOOL_BROWSER, else what the PATH has of Chromium; empty if nothing.
    static std::string find();

    explicit Browser(const std::string& program);
    Browser(const Browser&) = delete;
    Browser& operator=(const Browser&) = delete;
    ~Browser();

    struct Look
    {
        int width = 1280; ///< CSS pixels
        bool dark = false;
        bool print = false;
    };

    /// Loads the file anew with this look and waits until it is drawn.
    void open(const std::string& path, const Look& look);
    /// The value of a JavaScript expression, evaluated in the page.
    nlohmann::json evaluate(const std::string& expression);
    /// The page on paper, a PDF.
    std::string print();
    /// URLs that the page asked for, itself included, since open().
    std::vector<std::string> requests();
    /// What the browser had to complain of since open(): violations of the page's policy, errors.
    std::vector<std::string> complaints();

private:
    nlohmann::json call(const std::string& method,
                        const nlohmann::json& parameters = nlohmann::json::object());
    nlohmann::json call_at(const std::string& session, const std::string& method,
                           const nlohmann::json& parameters);
    void wait_for_event(const std::string& method);
    nlohmann::json read();

    pid_t m_pid = -1;
    int m_to = -1;
    int m_from = -1;
    int m_last_id = 0;
    std::string m_profile;
    std::string m_session;
    std::string m_unread;
    std::deque<nlohmann::json> m_events;
};

} // namespace slicetool::test
