#include "report/json_document.hpp"

#include "report/text.hpp"
#include "report/utf8.hpp"
#include "report/words.hpp"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace slicetool::report {

namespace {

using Json = nlohmann::ordered_json;

/// Names and sentences: always a string. Bytes that are not UTF-8 become `\xNN`.
std::string text(const std::string& bytes)
{
    return is_utf8(bytes) ? bytes : printable_lines(bytes);
}

/// Values: a string when they are UTF-8, else their bytes in hex, so nothing is lost.
Json value(const std::string& bytes)
{
    if (is_utf8(bytes))
        return bytes;
    std::string hex;
    for (const char c : bytes)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return Json{{"hex", hex}};
}

Json value(const std::optional<std::string>& bytes)
{
    return bytes ? value(*bytes) : Json(nullptr);
}

Json text_or_null(const std::string& bytes)
{
    return bytes.empty() ? Json(nullptr) : Json(text(bytes));
}

Json texts(const std::vector<std::string>& sentences)
{
    Json list = Json::array();
    for (const auto& sentence : sentences)
        list.push_back(text(sentence));
    return list;
}

double seconds(Seconds elapsed)
{
    return std::round(elapsed.count() * 1000) / 1000;
}

Json run(const RunInfo& info)
{
    return {{"command", text(info.command)},
            {"from", text(info.from)},
            {"to", text(info.to)},
            {"upstream_version", text(info.upstream_version)},
            {"downstream_version", text(info.downstream_version)},
            {"digest", text_or_null(info.digest)},
            {"encoding_version", info.encoding_version},
            {"jobs", info.jobs},
            {"dry_run", info.dry_run},
            {"snapshot", text_or_null(info.snapshot)}};
}

/// What a table and the totals have in common.
void add_counts(Json& object, const TableResult& result)
{
    object["rows"] = result.rows;
    object["missing"] = result.missing;
    object["extra"] = result.extra;
    object["changed"] = result.changed;
    object["in_flight"] = result.in_flight;
    object["copied"] = result.copied;
    object["deleted"] = result.deleted;
    object["bytes_upstream"] = result.bytes_upstream;
    object["bytes_downstream"] = result.bytes_downstream;
    object["statements_upstream"] = result.statements_upstream;
    object["statements_downstream"] = result.statements_downstream;
    object["ranges"] = result.ranges;
    object["zoomed_ranges"] = result.zoomed_ranges;
}

Json density(const std::vector<DensityBucket>& buckets)
{
    Json list = Json::array();
    for (const DensityBucket& bucket : buckets) {
        list.push_back(Json{{"from", text_or_null(bucket.from)},
                            {"rows", bucket.rows},
                            {"missing", bucket.missing},
                            {"extra", bucket.extra},
                            {"changed", bucket.changed}});
    }
    return list;
}

Json table(const TableResult& result)
{
    Json object{{"table", text(result.table)},
                {"outcome", word(result.outcome)},
                {"reason", text_or_null(result.reason)}};
    add_counts(object, result);
    object["seconds"] = seconds(result.elapsed);
    object["density"] = density(result.density);
    return object;
}

Json schema(const SchemaResult& result)
{
    return {{"table", text(result.table)},
            {"action", word(result.action)},
            {"reason", text_or_null(result.reason)},
            {"drift", texts(result.drift)},
            {"translations", texts(result.translations)},
            {"statements", texts(result.statements)}};
}

Json undone(const UndoResult& result)
{
    return {{"table", text(result.table)},           {"outcome", word(result.outcome)},
            {"reason", text_or_null(result.reason)}, {"restored", result.restored},
            {"as_before", result.as_before},         {"refused", result.refused},
            {"seconds", seconds(result.elapsed)}};
}

Json totals(const Record& record)
{
    const Totals sums = record.totals();
    Json object{{"tables", sums.tables}};
    Json outcomes = Json::object();
    for (const Outcome outcome : k_outcomes)
        outcomes[std::string(word(outcome))] = sums.of(outcome);
    object["outcomes"] = outcomes;
    object["unfinished"] = sums.unfinished;
    add_counts(object, sums.sum);
    Json actions = Json::object();
    for (const SchemaAction action : k_schema_actions)
        actions[std::string(word(action))] = record.count_of(action);
    object["schema_actions"] = actions;
    return object;
}

} // namespace

Json json_document(const Record& record, const std::string& tool_version,
                   const std::string& started_at)
{
    Json document{
        {"format", k_json_format},  {"tool_version", tool_version},
        {"started_at", started_at}, {"run", record.run ? run(*record.run) : Json(nullptr)},
        {"tables", Json::array()},  {"unfinished", Json::array()},
        {"schema", Json::array()},  {"notes", Json::array()}};
    for (const auto& entry : record.tables()) {
        if (entry.result)
            document["tables"].push_back(table(*entry.result));
        else
            document["unfinished"].push_back(text(entry.table));
    }
    for (const auto& result : record.schema())
        document["schema"].push_back(schema(result));
    if (record.run && record.run->command == "undo") {
        document["undo"] = Json::array();
        for (const auto& result : record.undone)
            document["undo"].push_back(undone(result));
    }
    for (const Note& note : record.notes) {
        document["notes"].push_back(Json{{"table", text_or_null(note.table)},
                                         {"severity", word(note.severity)},
                                         {"sentence", text(note.sentence)}});
    }
    document["totals"] = totals(record);
    document["seconds"] = seconds(record.end.elapsed);
    document["exit_status"] = record.end.exit_status;
    document["failure"] = text_or_null(record.end.failure);
    return document;
}

Json json_difference(const std::string& table_name, const Difference& difference)
{
    Json key = Json::array();
    for (const KeyPart& part : difference.key)
        key.push_back(Json{{"column", text(part.column)}, {"value", value(part.value)}});
    Json object{{"table", text(table_name)}, {"kind", word(difference.kind)}, {"key", key}};
    if (difference.columns.empty())
        return object;
    Json columns = Json::array();
    for (const ColumnDifference& column : difference.columns) {
        columns.push_back(Json{{"column", text(column.column)},
                               {"upstream", value(column.upstream)},
                               {"downstream", value(column.downstream)}});
    }
    object["columns"] = columns;
    return object;
}

} // namespace slicetool::report
