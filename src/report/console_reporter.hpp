#pragma once

#include "report/live_board.hpp"
#include "report/record.hpp"
#include "report/screen.hpp"
#include "report/terminal.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace slicetool::report {

/// automatic: live lines when standard error is a terminal, else silence. always: also a plain line
/// for each table every few seconds when it is none. never: silence.
enum class ProgressMode { automatic, always, never };

/// Whether the header, the listed keys and the summary are printed. With `--json` they are not.
enum class Summary { no, yes };

/// by_thread: a thread of the reporter's own refreshes. by_caller: whoever calls `refresh()` does,
/// for tests.
enum class Refresh { by_thread, by_caller };

struct ConsoleOptions
{
    ProgressMode progress = ProgressMode::automatic;
    Summary summary = Summary::yes;
    Refresh refresh = Refresh::by_thread;
};

/// Tells a run to people. Live lines and warnings go to standard error; the header, differing keys,
/// the schema's story and the summary go to standard output. Thread-safe; `table_progress` never
/// waits for the terminal. Members that print on it throw base::Error when standard output takes no
/// more text.
class ConsoleReporter : public Reporter
{
public:
    ConsoleReporter(std::shared_ptr<Screen> screen, Terminal terminal, ConsoleOptions options);

    /// Takes the live lines away.
    ~ConsoleReporter() override;

    void run_started(const RunInfo& info) override;
    void table_started(const std::string& table, std::uint64_t estimated_rows) override;
    void table_progress(const std::string& table, const Progress& progress) override;
    void note(const std::string& table, Severity severity, const std::string& sentence) override;
    void difference(const std::string& table, const Difference& difference) override;
    void table_finished(const TableResult& result) override;
    void schema_result(const SchemaResult& result) override;
    void undo_result(const UndoResult& result) override;
    void run_finished(const RunResult& result) override;

    /// Brings the live lines, or the plain ones, up to date.
    void refresh();

private:
    enum class Live { none, lines, sentences };

    Live live_mode() const;
    void refresh_until_stopped();
    void stop_refreshing();
    void paint_lines();
    void print_sentences();
    std::size_t width() const;
    void print_out(const std::string& text);
    std::string as_script(const std::string& text) const;

    const std::shared_ptr<Screen> m_screen;
    const Terminal m_terminal;
    const ConsoleOptions m_options;
    const Live m_live;

    std::mutex m_mutex; ///< guards what follows; never held while writing
    Record m_record;
    LiveBoard m_board;
    LiveBoard::Time m_last_sentences;
    bool m_script = false; ///< output is to be an SQL script
    bool m_stopped = false;

    std::mutex m_paint_mutex; ///< one refresh at a time; taken before m_mutex
    std::condition_variable m_wake;
    std::thread m_refresher; ///< last: it uses everything above
};

} // namespace slicetool::report
