#include "report/record_reporter.hpp"

#include <utility>

namespace slicetool::report {

RecordReporter::RecordReporter(std::function<void(const Record&)> finished)
    : m_finished(std::move(finished))
{
}

void RecordReporter::run_started(const RunInfo& info)
{
    const std::scoped_lock lock(m_mutex);
    m_record.run = info;
}

void RecordReporter::table_started(const std::string& table, std::uint64_t)
{
    const std::scoped_lock lock(m_mutex);
    m_record.start_table(table);
}

void RecordReporter::note(const std::string& table, Severity severity, const std::string& sentence)
{
    const std::scoped_lock lock(m_mutex);
    m_record.notes.push_back({table, severity, sentence});
}

void RecordReporter::table_finished(const TableResult& result)
{
    const std::scoped_lock lock(m_mutex);
    m_record.finish_table(result);
}

void RecordReporter::schema_result(const SchemaResult& result)
{
    const std::scoped_lock lock(m_mutex);
    m_record.add_schema(result);
}

void RecordReporter::run_finished(const RunResult& result)
{
    Record record;
    {
        const std::scoped_lock lock(m_mutex);
        m_record.end = result;
        record = m_record;
    }
    m_finished(record); // may tell something
}

} // namespace slicetool::report
