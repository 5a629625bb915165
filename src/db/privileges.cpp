#include "db/privileges.hpp"

#include "sql/quote.hpp"

#include <algorithm>

namespace slicetool::db {

namespace {

/// "`my\_db`.*" as "`my_db`.*": the server escapes what would be a pattern.
std::string without_escapes(std::string_view object)
{
    std::string plain;
    for (std::size_t at = 0; at < object.size(); ++at) {
        if (object[at] == '\\' && at + 1 < object.size())
            ++at;
        plain += object[at];
    }
    return plain;
}

constexpr std::string_view k_grant = "GRANT ";
constexpr std::string_view k_revoke = "REVOKE ";

bool names_privilege(std::string_view privileges, std::string_view privilege)
{
    if (privileges.find("ALL PRIVILEGES") != std::string_view::npos)
        return true;
    const std::string list = ", " + std::string(privileges) + ",";
    return list.find(", " + std::string(privilege) + ",") != std::string::npos;
}

} // namespace

std::vector<std::string> read_grants(Session& session)
{
    std::string statement = "SHOW GRANTS";
    if (session.server().family == sql::Family::mysql) {
        const auto roles = session.query_value("ask for the active roles", "SELECT CURRENT_ROLE()");
        if (roles && !roles->empty() && *roles != "NONE")
            statement += " FOR CURRENT_USER() USING " + *roles;
    }
    std::vector<std::string> grants;
    Result rows = session.query("ask for the user's privileges", statement);
    rows.limit(k_most_kept_rows);
    while (rows.next())
        grants.push_back(rows.text(0));
    return grants;
}

bool grants_privilege(const std::vector<std::string>& grants, std::string_view privilege,
                      std::string_view database, std::string_view table)
{
    const std::string whole_database = sql::quote_identifier(database) + ".*";
    const std::string one_table =
        sql::quote_identifier(database) + "." + sql::quote_identifier(table);
    const auto gives = [&](const std::string& grant, std::string_view verb) {
        const std::size_t on = grant.find(" ON ");
        const std::size_t to = grant.rfind(verb == k_grant ? " TO " : " FROM ");
        if (!grant.starts_with(verb) || on == std::string::npos || to == std::string::npos ||
            to < on)
            return false;
        const std::string_view text = grant;
        const std::string object = without_escapes(text.substr(on + 4, to - on - 4));
        return (object == "*.*" || object == whole_database || object == one_table) &&
               names_privilege(text.substr(verb.size(), on - verb.size()), privilege);
    };
    // MySQL's partial revokes take a database out of a global grant.
    const auto revoked = [&](const std::string& line) { return gives(line, k_revoke); };
    const auto granted = [&](const std::string& line) { return gives(line, k_grant); };
    return std::none_of(grants.begin(), grants.end(), revoked) &&
           std::any_of(grants.begin(), grants.end(), granted);
}

} // namespace slicetool::db
