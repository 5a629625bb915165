#include "report/html_parts.hpp"
#include "report/html_text.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

namespace slicetool::report::html {

namespace {

std::string_view tone_of(SchemaAction action)
{
    switch (action) {
    case SchemaAction::equal:
    case SchemaAction::created:
    case SchemaAction::altered:
    case SchemaAction::recreated:
        return "tone-good";
    case SchemaAction::drift:
    case SchemaAction::would_create:
    case SchemaAction::would_alter:
        return "tone-warn";
    case SchemaAction::refused:
    case SchemaAction::failed:
        return "tone-bad";
    }
    return "";
}

std::string list(const std::vector<std::string>& sentences)
{
    std::string items;
    for (const auto& sentence : sentences)
        items += element("li", "", lines(sentence));
    return items.empty() ? "" : element("ul", "", items);
}

std::string item(const SchemaResult& result)
{
    std::string content = element("span", "name", text(result.table)) +
                          badge(tone_of(result.action), spoken(result.action));
    if (!result.reason.empty())
        content += element("p", "", lines(result.reason));
    content += list(result.drift) + list(result.translations);
    for (const auto& statement : result.statements)
        content += element("pre", "", lines(statement) + ";");
    return element("li", "", content) + "\n";
}

} // namespace

std::string schema_section(const Record& record)
{
    if (record.schema().empty())
        return "";
    std::string items;
    for (const SchemaResult& result : record.schema())
        items += item(result);
    return "<section><h2>Schema</h2>\n" + element("ul", "card messages schema", "\n" + items) +
           "</section>\n";
}

} // namespace slicetool::report::html
