#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace SQLite {
class Database;
}

namespace slicetool::state {

/// What a run had proven of a table. Opaque texts are the engine's; any bytes.
struct Proof
{
    std::string table;
    std::int64_t origin = 0;                     ///< the run in whose snapshot it was proven
    std::chrono::system_clock::time_point as_of; ///< when that run began
    std::string terms;                           ///< what must be the same for it to hold
    bool whole = false;
    std::string bound;      ///< the keys below it are proven, unless `whole`
    std::uint64_t rows = 0; ///< that are proven
};

void put_proof(SQLite::Database& database, std::int64_t run, const Proof& proof);
std::optional<Proof> find_proof(SQLite::Database& database, std::int64_t run,
                                const std::string& table);

/// Of a run that ended well nothing is left to resume.
void forget_proofs(SQLite::Database& database, std::int64_t run);

/// Of all runs that wrote to the downstream with that URL: the table is another one now.
void forget_proofs(SQLite::Database& database, const std::string& downstream,
                   const std::string& table);

} // namespace slicetool::state
