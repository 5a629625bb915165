#include "report/console_reporter.hpp"

#include "base/text.hpp"
#include "report/difference_text.hpp"
#include "report/schema_text.hpp"
#include "report/summary.hpp"
#include "report/text.hpp"
#include "report/undo_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>
#include <utility>

namespace slicetool::report {

namespace {

/// Ten a second look continuous, and cost nothing.
constexpr std::chrono::milliseconds k_refresh_interval{100};

/// For logs that are read later: seldom enough to be read at all.
constexpr std::chrono::seconds k_sentence_interval{5};

/// One line in a log; on a terminal wrapped between words.
std::string warning_text(const Terminal& terminal, const std::string& table,
                         const std::string& sentence)
{
    std::string text = table.empty() ? "" : printable(table) + ": ";
    text += printable(sentence);
    const std::string_view label = "warning: ";
    if (terminal.err_is_terminal) {
        const std::size_t width = std::max<std::size_t>(terminal.size().columns, 40) - label.size();
        text = base::join(wrapped(text, width), "\n" + std::string(label.size(), ' '));
    }
    return fmt::format(fmt::runtime(terminal.colour_err ? "\x1b[33m{}\x1b[0m{}\n" : "{}{}\n"),
                       label, text);
}

} // namespace

ConsoleReporter::ConsoleReporter(std::shared_ptr<Screen> screen, Terminal terminal,
                                 ConsoleOptions options)
    : m_screen(std::move(screen)), m_terminal(std::move(terminal)), m_options(options),
      m_live(live_mode()), m_board(m_terminal.now()), m_last_sentences(m_terminal.now())
{
    if (m_live != Live::none && m_options.refresh == Refresh::by_thread)
        m_refresher = std::thread([this] { refresh_until_stopped(); });
}

ConsoleReporter::~ConsoleReporter()
{
    stop_refreshing();
}

ConsoleReporter::Live ConsoleReporter::live_mode() const
{
    if (m_options.progress == ProgressMode::never)
        return Live::none;
    if (m_terminal.err_is_terminal)
        return Live::lines;
    return m_options.progress == ProgressMode::always ? Live::sentences : Live::none;
}

std::size_t ConsoleReporter::width() const
{
    return m_terminal.size().columns;
}

void ConsoleReporter::run_started(const RunInfo& info)
{
    std::string text = header_text(info, width());
    {
        const std::scoped_lock lock(m_mutex);
        m_record.run = info;
        m_script = info.command == "pull_schema" && info.dry_run;
        text = as_script(text);
    }
    print_out(text);
}

void ConsoleReporter::table_started(const std::string& table, std::uint64_t estimated_rows)
{
    const std::scoped_lock lock(m_mutex);
    m_record.start_table(table);
    m_board.start(table, estimated_rows, m_terminal.now());
}

void ConsoleReporter::table_progress(const std::string& table, const Progress& progress)
{
    if (m_live == Live::none)
        return;
    const std::scoped_lock lock(m_mutex);
    m_board.update(table, progress, m_terminal.now());
}

void ConsoleReporter::note(const std::string& table, Severity severity, const std::string& sentence)
{
    bool at_once = false;
    {
        const std::scoped_lock lock(m_mutex);
        m_record.notes.push_back({table, severity, sentence});
        // pull_schema says by it which statement it is about to run; elsewhere it stands in the
        // summary.
        at_once = m_record.run && m_record.run->command == "pull_schema";
    }
    if (severity == Severity::warning)
        m_screen->print_err(warning_text(m_terminal, table, sentence));
    else if (at_once)
        print_out(as_script(fmt::format("{}: {}\n", printable(table), printable(sentence))));
}

void ConsoleReporter::difference(const std::string& table, const Difference& difference)
{
    print_out(difference_text(table, difference));
}

void ConsoleReporter::table_finished(const TableResult& result)
{
    const std::scoped_lock lock(m_mutex);
    m_record.finish_table(result);
    m_board.finish(result.table);
}

void ConsoleReporter::schema_result(const SchemaResult& result)
{
    bool dry_run = false;
    {
        const std::scoped_lock lock(m_mutex);
        m_record.add_schema(result);
        dry_run = m_script;
    }
    const Reader reader = m_terminal.out_is_terminal ? Reader::person : Reader::program;
    print_out(schema_text(result, dry_run, reader, width()));
}

void ConsoleReporter::undo_result(const UndoResult& result)
{
    bool dry_run = false;
    {
        const std::scoped_lock lock(m_mutex);
        m_record.undone.push_back(result);
        dry_run = m_record.run && m_record.run->dry_run;
    }
    print_out(undo_text(result, dry_run, width()));
}

void ConsoleReporter::run_finished(const RunResult& result)
{
    stop_refreshing();
    std::string text;
    {
        const std::scoped_lock lock(m_mutex);
        m_record.end = result;
        const Colour colour = m_terminal.colour_out ? Colour::yes : Colour::no;
        const Charset charset = m_terminal.utf8 ? Charset::utf8 : Charset::ascii;
        text = as_script(summary_text(m_record, width(), colour, charset));
    }
    print_out(text);
}

void ConsoleReporter::print_out(const std::string& text)
{
    if (m_options.summary == Summary::yes)
        m_screen->print_out(text);
}

/// Every line as an SQL comment, if the output is to be a script.
std::string ConsoleReporter::as_script(const std::string& text) const
{
    if (!m_script)
        return text;
    std::string result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        result += line.empty() ? "\n" : "-- " + line + "\n";
    return result;
}

void ConsoleReporter::refresh()
{
    const std::scoped_lock lock(m_paint_mutex);
    if (m_live == Live::lines)
        paint_lines();
    else if (m_live == Live::sentences)
        print_sentences();
}

void ConsoleReporter::paint_lines()
{
    const TerminalSize size = m_terminal.size();
    std::vector<std::string> lines;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stopped)
            return;
        const auto now = m_terminal.now();
        m_board.sample(now);
        lines = m_board.lines(size, m_terminal.utf8, now);
    }
    m_screen->paint(lines, size.columns);
}

void ConsoleReporter::print_sentences()
{
    std::vector<std::string> sentences;
    {
        const std::scoped_lock lock(m_mutex);
        const auto now = m_terminal.now();
        m_board.sample(now);
        if (m_stopped || now - m_last_sentences < k_sentence_interval)
            return;
        m_last_sentences = now;
        sentences = m_board.sentences(now);
    }
    for (const auto& sentence : sentences)
        m_screen->print_err(sentence + "\n");
}

void ConsoleReporter::refresh_until_stopped()
{
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, k_refresh_interval, [this] { return m_stopped; })) {
        lock.unlock();
        refresh();
        lock.lock();
    }
}

void ConsoleReporter::stop_refreshing()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopped = true;
    }
    m_wake.notify_all();
    if (m_refresher.joinable())
        m_refresher.join();
    if (m_live == Live::lines)
        m_screen->erase();
}

} // namespace slicetool::report
