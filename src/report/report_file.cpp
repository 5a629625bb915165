#include "report/report_file.hpp"

#include "base/error.hpp"
#include "base/new_file.hpp"
#include "base/text.hpp"
#include "report/console_reporter.hpp"
#include "report/html_document.hpp"
#include "report/metrics.hpp"
#include "report/record_reporter.hpp"
#include "report/spool.hpp"

#include <array>
#include <filesystem>
#include <fmt/chrono.h>
#include <mutex>
#include <sys/stat.h>
#include <utility>

namespace slicetool::report {

namespace {

enum class Format { html, json, text };

constexpr std::array<std::pair<std::string_view, Format>, 4> k_endings{{{".html", Format::html},
                                                                        {".htm", Format::html},
                                                                        {".json", Format::json},
                                                                        {".txt", Format::text}}};

Format format_of(const std::string& path)
{
    const std::string lower = base::ascii_lower(path);
    for (const auto& [ending, format] : k_endings) {
        if (lower.ends_with(ending))
            return format;
    }
    throw base::UsageError(fmt::format(
        "A report is written as HTML, JSON or text, as the end of its name says: give it a name "
        "that ends in .html, .json or .txt, not {}.",
        path));
}

std::string utc(std::chrono::system_clock::time_point time, std::string_view format)
{
    return fmt::format(fmt::runtime(format),
                       fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

/// A text has warnings in it, too; a screen would show them.
std::shared_ptr<Reporter> text_reporter(const std::shared_ptr<Screen>& screen)
{
    Terminal terminal;
    terminal.utf8 = true;
    return std::make_shared<ConsoleReporter>(
        screen, terminal, ConsoleOptions{ProgressMode::never, Summary::yes, Refresh::by_caller});
}

std::shared_ptr<Reporter> html_reporter(const std::shared_ptr<Screen>& screen,
                                        const ReportFileOptions& options)
{
    const auto context = [version = options.tool_version, started = options.started,
                          complete = options.complete] {
        ReportContext known{version, utc(started, "{:%Y-%m-%dT%H:%M:%SZ}"), "", std::nullopt};
        if (complete)
            complete(known);
        return known;
    };
    return std::make_shared<RecordReporter>([screen, context](const Record& record) {
        screen->print_out(html_document(record, context()));
    });
}

std::shared_ptr<Reporter> metrics_reporter(const std::shared_ptr<Screen>& screen,
                                           const std::string& path)
{
    const std::string name = std::filesystem::path(path).stem().string();
    return std::make_shared<RecordReporter>([screen, name](const Record& record) {
        screen->print_out(metrics_text(record, name, std::chrono::system_clock::now()));
    });
}

std::string with_time(std::string path, std::chrono::system_clock::time_point time)
{
    static constexpr std::string_view k_place = "{time}";
    const std::string text = utc(time, "{:%Y%m%dT%H%M%SZ}");
    for (std::size_t at = 0; (at = path.find(k_place, at)) != std::string::npos;)
        path.replace(at, k_place.size(), text);
    return path;
}

std::shared_ptr<Reporter> inner_reporter(const ReportFileOptions& options,
                                         const std::shared_ptr<Screen>& screen)
{
    if (options.kind == ReportFileKind::metrics)
        return metrics_reporter(screen, options.path);
    switch (format_of(options.path)) {
    case Format::html:
        return html_reporter(screen, options);
    case Format::json:
        return std::make_shared<JsonReporter>(
            screen, JsonOptions{options.differences, options.tool_version,
                                [started = options.started] { return started; }});
    case Format::text:
        return text_reporter(screen);
    }
    return nullptr;
}

} // namespace

/// Keeps text, and what went wrong with keeping it. Thread-safe.
class ReportFile::Text
{
public:
    void append(std::string_view text)
    {
        const std::scoped_lock lock(m_mutex);
        try {
            m_spool.append(text);
        } catch (const base::Error& failure) { // the folder of temporary files is full
            m_trouble = failure.what();
        }
    }

    void fail(const std::string& trouble)
    {
        const std::scoped_lock lock(m_mutex);
        m_trouble = trouble;
    }

    /// Throws base::Error when not all is there.
    void put_into(base::NewFile& file)
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_trouble.empty())
            throw base::Error(m_trouble);
        m_spool.replay([&](std::string_view text) { file.write(text); });
    }

    static std::shared_ptr<Screen> screen_of(const std::shared_ptr<Text>& text)
    {
        class To : public Output
        {
        public:
            explicit To(std::shared_ptr<Text> text) : m_text(std::move(text)) {}
            void write(std::string_view written) override { m_text->append(written); }

        private:
            std::shared_ptr<Text> m_text;
        };
        return std::make_shared<Screen>(std::make_unique<To>(text), std::make_unique<To>(text),
                                        false);
    }

private:
    std::mutex m_mutex;
    Spool m_spool;
    std::string m_trouble;
};

void require_report_name(const std::string& path)
{
    format_of(path);
}

ReportFile::ReportFile(ReportFileOptions options)
    : ReportFile(std::move(options), std::make_shared<Text>())
{
}

ReportFile::ReportFile(ReportFileOptions options, std::shared_ptr<Text> text)
    : TeeReporter({inner_reporter(options, Text::screen_of(text))}), m_options(std::move(options)),
      m_text(std::move(text))
{
}

void ReportFile::difference(const std::string& table, const Difference& difference)
{
    try {
        TeeReporter::difference(table, difference);
    } catch (const base::Error& failure) { // as in Text::append
        m_text->fail(failure.what());
    }
}

void ReportFile::run_finished(const RunResult& result)
{
    const std::string path = with_time(m_options.path, m_options.started);
    const mode_t owner_only = S_IRUSR | S_IWUSR;
    const mode_t mode =
        m_options.kind == ReportFileKind::metrics ? owner_only | S_IRGRP | S_IROTH : owner_only;
    try {
        TeeReporter::run_finished(result);
        base::NewFile file(path, mode);
        m_text->put_into(file);
        file.take_place();
    } catch (const std::exception& failure) {
        m_options.complain(fmt::format("There {} of this run. {}",
                                       m_options.kind == ReportFileKind::metrics ? "are no metrics"
                                                                                 : "is no report",
                                       failure.what()));
    }
}

} // namespace slicetool::report
