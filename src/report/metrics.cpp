#include "report/metrics.hpp"

#include "report/text.hpp"
#include "report/words.hpp"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace slicetool::report {

namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// Quoted: backslash, quote and line end have escapes (the format's version 0.0.4).
std::string label_value(const std::string& bytes)
{
    std::string quoted;
    for (const char c : printable(bytes)) {
        if (c == '\\' || c == '"')
            quoted += '\\';
        quoted += c;
    }
    return quoted;
}

/// The samples of one metric after the other, as the format wants them.
class MetricsText
{
public:
    explicit MetricsText(std::string name) : m_name(std::move(name)) {}

    void begin(std::string_view metric, std::string_view help)
    {
        m_metric = metric;
        m_text +=
            fmt::format("# HELP slicetool_{0} {1}\n# TYPE slicetool_{0} gauge\n", metric, help);
    }

    template<class Number>
    void sample(const Labels& labels, Number number)
    {
        m_text += fmt::format("slicetool_{}{{name=\"{}\"", m_metric, label_value(m_name));
        for (const auto& [label, value] : labels)
            m_text += fmt::format(",{}=\"{}\"", label, label_value(value));
        m_text += fmt::format("}} {}\n", number);
    }

    std::string take() { return std::move(m_text); }

private:
    std::string m_name;
    std::string_view m_metric;
    std::string m_text;
};

void append_rows(MetricsText& text, const TableResult& sum)
{
    constexpr std::array<std::pair<std::string_view, std::uint64_t TableResult::*>, 6> k_kinds{
        {{"upstream", &TableResult::rows},
         {"missing", &TableResult::missing},
         {"extra", &TableResult::extra},
         {"changed", &TableResult::changed},
         {"copied", &TableResult::copied},
         {"deleted", &TableResult::deleted}}};
    text.begin("rows", "Rows of all tables: upstream's, those that differed, those written.");
    for (const auto& [kind, member] : k_kinds)
        text.sample({{"kind", std::string(kind)}}, sum.*member);
    text.begin("read_bytes", "Bytes of results read from each server.");
    text.sample({{"side", "upstream"}}, sum.bytes_upstream);
    text.sample({{"side", "downstream"}}, sum.bytes_downstream);
}

bool is_right(const Record::Entry& entry)
{
    return entry.result &&
           (entry.result->outcome == Outcome::equal ||
            entry.result->outcome == Outcome::made_equal ||
            entry.result->outcome == Outcome::resumed || entry.result->outcome == Outcome::lite ||
            entry.result->outcome == Outcome::done || entry.result->outcome == Outcome::skipped);
}

void append_tables(MetricsText& text, const Record& record)
{
    const Totals totals = record.totals();
    text.begin("tables", "Tables by how they ended.");
    for (const Outcome outcome : k_outcomes)
        text.sample({{"outcome", std::string(word(outcome))}}, totals.of(outcome));
    text.sample({{"outcome", "unfinished"}}, totals.unfinished);
    append_rows(text, totals.sum);
    if (record.tables().empty())
        return;
    text.begin("table_ok", "1 unless the table differs, was refused, failed or was not finished.");
    for (const auto& entry : record.tables())
        text.sample({{"table", entry.table}}, is_right(entry) ? 1 : 0);
}

} // namespace

std::string metrics_text(const Record& record, const std::string& name,
                         std::chrono::system_clock::time_point finished)
{
    MetricsText text(name);
    text.begin("exit_status", "Of the last run: 0 equal, 1 differences, 2 failed, 75 busy, 130 "
                              "interrupted.");
    text.sample({}, record.end.exit_status);
    text.begin("finished_timestamp_seconds", "When the last run ended.");
    text.sample({}, std::chrono::system_clock::to_time_t(finished));
    text.begin("duration_seconds", "How long the last run took.");
    text.sample({}, fmt::format("{:.3f}", record.end.elapsed.count()));
    append_tables(text, record);
    return text.take();
}

} // namespace slicetool::report
