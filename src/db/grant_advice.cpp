#include "db/grant_advice.hpp"

#include "base/text.hpp"
#include "sql/ddl_tokens.hpp"
#include "sql/quote.hpp"

#include <fmt/format.h>
#include <optional>
#include <vector>

namespace slicetool::db {

namespace {

constexpr std::string_view k_denied = " command denied to user ";

/// What stands between two words of a message; nothing when they are not there in this order.
std::optional<std::string_view> between(std::string_view message, std::string_view left,
                                        std::string_view right)
{
    const std::size_t from = message.find(left);
    if (from == std::string_view::npos)
        return std::nullopt;
    const std::size_t to = right.empty() ? message.size() : message.rfind(right);
    if (to == std::string_view::npos || to < from + left.size())
        return std::nullopt;
    return message.substr(from + left.size(), to - from - left.size());
}

/// "'u'@'h'" as "u@h".
std::string plain_account(std::string_view quoted)
{
    const std::size_t at = quoted.rfind("'@'");
    if (at == std::string_view::npos || at == 0 || !quoted.ends_with('\''))
        return "";
    return fmt::format("{}@{}", quoted.substr(1, at - 1),
                       quoted.substr(at + 3, quoted.size() - at - 4));
}

/// Database names in GRANT are patterns.
std::string quoted_pattern(std::string_view database)
{
    std::string escaped;
    for (const char c : database) {
        if (c == '_' || c == '%')
            escaped += '\\';
        escaped += c;
    }
    return sql::quote_identifier(escaped);
}

/// SHOW CREATE TABLE is refused as "SHOW"; there is no such privilege.
std::string privileges_of(std::string_view command)
{
    const std::string upper = base::ascii_upper(command);
    return upper == "SHOW" ? "SELECT" : upper;
}

/// MariaDB names the table "`db`.`t`", MySQL 't'.
std::string table_of(std::string_view text, std::string_view database)
{
    const auto tokens = sql::tokenize(text);
    using sql::TokenKind;
    if (tokens.size() == 3 && tokens[0].kind == TokenKind::quoted && tokens[1].is_symbol(".") &&
        tokens[2].kind == TokenKind::quoted)
        return fmt::format("{}.{}", sql::quote_identifier(tokens[0].value),
                           sql::quote_identifier(tokens[2].value));
    if (text.size() > 2 && text.front() == '\'' && text.back() == '\'')
        return fmt::format("{}.{}", sql::quote_identifier(database),
                           sql::quote_identifier(text.substr(1, text.size() - 2)));
    return "";
}

/// The least powerful of "SUPER, REPLICATION CLIENT" or "RELOAD or FLUSH_TABLES" stands last.
std::string_view last_of(std::string_view privileges)
{
    for (const std::string_view separator : {", ", " or "}) {
        const std::size_t at = privileges.rfind(separator);
        if (at != std::string_view::npos)
            privileges.remove_prefix(at + separator.size());
    }
    return privileges;
}

struct Wanted
{
    std::string privileges;
    std::string object;
};

std::optional<Wanted> wanted_on_table(std::string_view message, std::string_view database)
{
    const auto command = between(message, "", k_denied);
    const auto object = between(message, " for table ", "");
    const auto column_object = between(message, " in table ", "");
    if (!command || (!object && !column_object))
        return std::nullopt;
    return Wanted{privileges_of(*command), table_of(object ? *object : *column_object, database)};
}

std::optional<Wanted> wanted(int number, std::string_view message, std::string_view database)
{
    switch (number) {
    case 1044: // ER_DBACCESS_DENIED_ERROR
        if (!between(message, " to database '", "'"))
            return std::nullopt;
        return Wanted{"SELECT", quoted_pattern(*between(message, " to database '", "'")) + ".*"};
    case 1142: // ER_TABLEACCESS_DENIED_ERROR
    case 1143: // ER_COLUMNACCESS_DENIED_ERROR
        return wanted_on_table(message, database);
    case 1227: // ER_SPECIFIC_ACCESS_DENIED_ERROR
        if (const auto list = between(message, "(at least one of) the ", " privilege(s)"))
            return Wanted{std::string(last_of(*list)), "*.*"};
        return std::nullopt;
    case 1370: // ER_PROCACCESS_DENIED_ERROR
        return Wanted{"EXECUTE", quoted_pattern(database) + ".*"};
    default:
        return std::nullopt;
    }
}

} // namespace

std::string quoted_account(std::string_view account)
{
    const std::size_t at = account.rfind('@');
    if (at == std::string_view::npos)
        return sql::quote_identifier(account);
    return fmt::format("{}@{}", sql::quote_identifier(account.substr(0, at)),
                       sql::quote_identifier(account.substr(at + 1)));
}

std::string grant_advice(int number, std::string_view message, std::string_view database,
                         std::string_view account)
{
    const auto grant = wanted(number, message, database);
    std::string grantee(account);
    if (grantee.empty()) {
        const auto told = between(message, " for user ", " to database ");
        grantee = told ? plain_account(*told) : "";
    }
    if (!grant || grant->object.empty() || grantee.empty())
        return "";
    return fmt::format("GRANT {} ON {} TO {}", grant->privileges, grant->object,
                       quoted_account(grantee));
}

} // namespace slicetool::db
