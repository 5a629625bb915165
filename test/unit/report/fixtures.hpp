#pragma once

#include "report/console_reporter.hpp"
#include "report/output.hpp"
#include "report/reporter.hpp"
#include "report/screen.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace slicetool::report::test {

/// Appends to a string that the test owns.
class StringOutput : public Output
{
public:
    explicit StringOutput(std::string& text) : m_text(text) {}
    void write(std::string_view text) override { m_text += text; }

private:
    std::string& m_text;
};

/// A screen whose outputs can be read, and a clock that stands still until it is moved.
struct Stage
{
    std::string out;
    std::string err;
    TerminalSize size;
    std::chrono::steady_clock::time_point now{};
    std::shared_ptr<Screen> screen;

    explicit Stage(bool shared_terminal = false)
        : screen(std::make_shared<Screen>(std::make_unique<StringOutput>(out),
                                          std::make_unique<StringOutput>(err), shared_terminal))
    {
    }

    Terminal terminal(bool is_terminal)
    {
        Terminal t;
        t.out_is_terminal = is_terminal;
        t.err_is_terminal = is_terminal;
        t.utf8 = true;
        t.size = [this] { return size; };
        t.now = [this] { return now; };
        return t;
    }

    /// What was written since the last call.
    static std::string taken(std::string& text) { return std::exchange(text, ""); }
};

inline RunInfo run_info(std::string command)
{
    RunInfo info;
    info.command = std::move(command);
    info.from = "prod (mysql://reader@db1.example.org:3306/shop)";
    info.to = "dev (mysql://dev@localhost/shop?socket=/run/mysqld/mysqld.sock)";
    info.upstream_version = "10.11.6-MariaDB";
    info.downstream_version = "9.7.0";
    info.digest = "md5";
    info.encoding_version = 1;
    info.snapshot = "one consistent snapshot";
    return info;
}

inline TableResult orders()
{
    TableResult r;
    r.table = "orders";
    r.outcome = Outcome::made_equal;
    r.rows = 2'000'000;
    r.missing = 200;
    r.extra = 3;
    r.changed = 12;
    r.copied = 212;
    r.deleted = 3;
    r.bytes_upstream = 81'920;
    r.bytes_downstream = 40'960;
    r.statements_upstream = 230;
    r.statements_downstream = 251;
    r.elapsed = Seconds(3.1412);
    r.ranges = 216;
    r.zoomed_ranges = 16;
    return r;
}

inline TableResult table_result(std::string table, Outcome outcome, std::string reason = "")
{
    TableResult r;
    r.table = std::move(table);
    r.outcome = outcome;
    r.reason = std::move(reason);
    return r;
}

} // namespace slicetool::report::test
