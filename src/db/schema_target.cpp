#include "db/schema_target.hpp"

#include "base/text.hpp"

namespace slicetool::db {

namespace {

/// MariaDB 10.10 and later list the uca1400 collations once for all character sets, and their full
/// names apart.
constexpr std::uint32_t k_mariadb_full_collation_names = 101001;

std::set<std::string> read_lower_column(Session& session, const char* label,
                                        const std::string& query)
{
    std::set<std::string> values;
    Result row = session.query(label, query);
    row.limit(k_most_kept_rows);
    while (row.next())
        values.insert(base::ascii_lower(row.get(0).value_or("")));
    return values;
}

} // namespace

sql::Target read_target(Session& session)
{
    sql::Target target;
    target.family = session.server().family;
    target.version_number = session.server().version_number;
    const bool full_names = target.family == sql::Family::mariadb &&
                            target.version_number >= k_mariadb_full_collation_names;
    target.collations =
        read_lower_column(session, "list the collations",
                          full_names ? "SELECT FULL_COLLATION_NAME FROM "
                                       "information_schema.COLLATION_CHARACTER_SET_APPLICABILITY"
                                     : "SELECT COLLATION_NAME FROM information_schema.COLLATIONS");
    target.engines = read_lower_column(session, "list the storage engines",
                                       "SELECT ENGINE FROM information_schema.ENGINES "
                                       "WHERE SUPPORT IN ('YES', 'DEFAULT')");
    return target;
}

} // namespace slicetool::db
