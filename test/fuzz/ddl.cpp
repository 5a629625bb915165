#include "sql/ddl.hpp"
#include "sql/ddl_parse.hpp"
#include "sql/ddl_tokens.hpp"

#include "base/error.hpp"
#include "fuzz.hpp"

namespace {

using namespace slicetool;

void check_tokens(std::string_view text)
{
    std::size_t behind = 0;
    for (const auto& token : sql::tokenize(text)) {
        fuzz::require(token.begin >= behind && token.end > token.begin && token.end <= text.size(),
                      "tokens stand one behind another");
        behind = token.end;
    }
}

void parse(std::string_view text, sql::Family family)
{
    sql::Table table;
    table.family = family;
    table.schema = "db";
    try {
        sql::parse_create_table(text, table);
    } catch (const base::Error& problem) {
        fuzz::require_sentence(problem.what());
        return;
    }
    check_tokens(sql::build_create_table(table, sql::ForeignKeys::keep));
    check_tokens(sql::build_add_foreign_keys(table));
}

} // namespace

/// Any text that a server calls a table's definition is taken apart, or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text = fuzz::text_of(data, size);
    check_tokens(text);
    parse(text, sql::Family::mariadb);
    parse(text, sql::Family::mysql);
    return 0;
}
