#include "state/proofs.hpp"

#include "state/runs.hpp"
#include "state/statement.hpp"

namespace slicetool::state {

void put_proof(SQLite::Database& database, std::int64_t run, const Proof& proof)
{
    run_statement(
        database,
        "INSERT OR REPLACE INTO proofs (run, name, origin, as_of_ms, terms, whole, bound, "
        "rows) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        run, proof.table, proof.origin, to_milliseconds(proof.as_of), proof.terms, proof.whole,
        proof.bound, proof.rows);
}

std::optional<Proof> find_proof(SQLite::Database& database, std::int64_t run,
                                const std::string& table)
{
    auto row = query(database,
                     "SELECT name, origin, as_of_ms, terms, whole, bound, rows FROM proofs "
                     "WHERE run = ? AND name = ?",
                     run, table);
    if (!row.executeStep())
        return std::nullopt;
    return Proof{row.getColumn(0).getString(),
                 row.getColumn(1).getInt64(),
                 from_milliseconds(row.getColumn(2).getInt64()),
                 row.getColumn(3).getString(),
                 row.getColumn(4).getInt() != 0,
                 row.getColumn(5).getString(),
                 count_at(row, 6)};
}

void forget_proofs(SQLite::Database& database, std::int64_t run)
{
    run_statement(database, "DELETE FROM proofs WHERE run = ?", run);
}

void forget_proofs(SQLite::Database& database, const std::string& downstream,
                   const std::string& table)
{
    run_statement(database,
                  "DELETE FROM proofs WHERE name = ?1 AND run IN (SELECT id FROM runs WHERE "
                  "substr(pair, -length(?2)) = ?2)",
                  table, downstream_of_pair(downstream));
}

} // namespace slicetool::state
