#pragma once

#include "report/reporter.hpp"

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace slicetool::search {

/// Keeps the results of tables.
class Told : public report::Reporter
{
public:
    Told() = default;
    Told(Told&& other) noexcept : tables(std::move(other.tables)), schemas(std::move(other.schemas))
    {
    }

    void run_started(const report::RunInfo&) override {}
    void table_started(const std::string&, std::uint64_t) override {}
    void table_progress(const std::string&, const report::Progress&) override {}
    void note(const std::string&, report::Severity, const std::string&) override {}
    void difference(const std::string&, const report::Difference&) override {}
    void table_finished(const report::TableResult& result) override
    {
        const std::scoped_lock lock(m_mutex);
        tables[result.table] = result;
    }
    void schema_result(const report::SchemaResult& result) override
    {
        const std::scoped_lock lock(m_mutex);
        schemas[result.table] = result;
    }
    void run_finished(const report::RunResult&) override {}

    std::map<std::string, report::TableResult> tables;
    std::map<std::string, report::SchemaResult> schemas;

private:
    std::mutex m_mutex;
};

} // namespace slicetool::search
