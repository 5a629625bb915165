#include "report/json_reporter.hpp"

#include "report/json_document.hpp"

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace slicetool::report {

namespace {

/// "2026-01-31T03:15:00Z"
std::string rfc3339(std::chrono::system_clock::time_point time)
{
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

} // namespace

JsonReporter::JsonReporter(std::shared_ptr<Screen> screen, JsonOptions options)
    : m_screen(std::move(screen)), m_options(std::move(options)), m_started(m_options.now())
{
}

void JsonReporter::run_started(const RunInfo& info)
{
    const std::scoped_lock lock(m_mutex);
    m_started = m_options.now();
    m_record.run = info;
}

void JsonReporter::table_started(const std::string& table, std::uint64_t)
{
    const std::scoped_lock lock(m_mutex);
    m_record.start_table(table);
}

void JsonReporter::note(const std::string& table, Severity severity, const std::string& sentence)
{
    const std::scoped_lock lock(m_mutex);
    m_record.notes.push_back({table, severity, sentence});
}

void JsonReporter::difference(const std::string& table, const Difference& difference)
{
    if (m_options.differences == Differences::not_listed)
        return;
    const std::string element = json_difference(table, difference).dump();
    const std::scoped_lock lock(m_mutex);
    m_differences.append((m_differences.empty() ? "\n    " : ",\n    ") + element);
}

void JsonReporter::table_finished(const TableResult& result)
{
    const std::scoped_lock lock(m_mutex);
    m_record.finish_table(result);
}

void JsonReporter::schema_result(const SchemaResult& result)
{
    const std::scoped_lock lock(m_mutex);
    m_record.add_schema(result);
}

void JsonReporter::undo_result(const UndoResult& result)
{
    const std::scoped_lock lock(m_mutex);
    m_record.undone.push_back(result);
}

void JsonReporter::run_finished(const RunResult& result)
{
    const std::scoped_lock lock(m_mutex);
    m_record.end = result;
    std::string document =
        json_document(m_record, m_options.tool_version, rfc3339(m_started)).dump(2);
    if (m_options.differences == Differences::not_listed) {
        m_screen->print_out(document + "\n");
        return;
    }
    document.resize(document.size() -
                    std::string_view("\n}").size()); // the list is the last member
    m_screen->print_out(document + ",\n  \"differences\": [");
    const bool none = m_differences.empty();
    m_differences.replay([this](std::string_view piece) { m_screen->print_out(piece); });
    m_screen->print_out(none ? "]\n}\n" : "\n  ]\n}\n");
}

} // namespace slicetool::report
