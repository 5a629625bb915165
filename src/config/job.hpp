#pragma once

#include "config/endpoint_settings.hpp"
#include "config/position.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::config {

/// `auto` lets the run choose what both servers can compute; see docs/config.md.
enum class DigestChoice { automatic, md5, sha256 };

/// What becomes of downstream rows that `where` does not match; YAML says `delete` or `keep`.
enum class Outside { remove, keep };

/// Range sizes in rows or ids, coarse to fine; empty means `auto`.
struct Zoom
{
    std::vector<std::uint64_t> sizes;

    bool automatic() const { return sizes.empty(); }
    bool operator==(const Zoom&) const = default;
};

/// The most rows that a run may delete from one table. Exactly one member is set.
struct MaxDelete
{
    std::optional<std::uint64_t> rows;
    std::optional<double> percent; ///< 0 to 100, of the rows that the downstream table holds

    bool operator==(const MaxDelete&) const = default;
};

/// What a run does when its undo file has reached its bound; YAML says `stop` or `go-on`.
enum class WhenFull { stop, go_on };

/// A status variable of a server and the most that it may show.
struct MaxStatus
{
    std::string variable;
    std::uint64_t most = 0;
};

/// What `defaults`, a job, a table and the command line can each say; an unset member says nothing.
struct Options
{
    std::optional<DigestChoice> digest;
    std::optional<Zoom> zoom;
    std::optional<Outside> outside;
    std::optional<MaxDelete> max_delete;
    std::optional<std::uint64_t> jobs;     ///< pairs of sessions that work at the same time
    std::optional<std::string> state_file; ///< where runs are remembered; absolute
    std::optional<bool> undo;              ///< save rows before they are changed
    std::optional<std::string> undo_dir;
    std::optional<std::uint64_t> undo_max_size; ///< bytes
    std::optional<WhenFull> undo_when_full;
    std::optional<std::string> report; ///< file for what a run tells
    std::optional<std::string> metrics_file;
    std::optional<std::chrono::milliseconds> chunk_time; ///< of a statement that fingerprints
    std::optional<std::vector<MaxStatus>> max_load;      ///< on either server
    std::optional<std::chrono::seconds> max_lag;         ///< of `replicas`
    std::optional<std::vector<std::string>> replicas; ///< of downstream: names or URLs of endpoints
    std::optional<std::uint64_t> rate;                ///< bytes copied in a second
    std::optional<std::uint64_t> rate_rows;           ///< rows copied or deleted in a second
    std::optional<std::string> pause_file;            ///< the run waits while there is such a file

    /// Takes from `other` what is unset here; call it from the strongest source to the weakest.
    void fill_from(const Options& other);
};

/// The key to walk a table by: a unique key's name, or its columns in order. Exactly one is
/// non-empty.
struct KeyChoice
{
    std::string index_name;
    std::vector<std::string> columns;
};

/// What a step of a table does; YAML uses the same words. docs/steps.md describes them.
enum class StepKind { sync, lite, keys, replace, clear, sql, skip };

/// One entry of a table's `steps`. Members that do not belong to its kind are unset.
struct Step
{
    StepKind kind = StepKind::sync;
    std::optional<std::string> where;                         ///< sync, lite; else the table's
    std::optional<Outside> outside;                           ///< sync; else the table's
    std::optional<KeyChoice> key;                             ///< sync, lite, keys
    std::optional<Zoom> zoom;                                 ///< sync
    std::optional<std::vector<std::string>> excluded_columns; ///< sync, lite, keys
    std::string column;                          ///< lite: the timestamp column; empty: found
    std::optional<std::chrono::seconds> overlap; ///< lite
    std::string query;                           ///< keys, replace: runs upstream
    std::optional<Outside> others;               ///< keys: rows that the query does not name
    std::vector<std::string> statements;         ///< sql: run downstream, in order
    Position position;
};

/// What stands in a column instead of upstream's value: the name of a mask, or an SQL expression
/// over upstream's columns. docs/masking.md.
struct MaskEntry
{
    std::optional<std::string> text; ///< nullopt: NULL
    Position position;
};

/// "child.column -> parent.column": rows of the child stay in the slice only with their parent.
/// Composite references name several columns, "orders(a, b) -> customers(a, b)".
struct FollowEdge
{
    std::string child;
    std::vector<std::string> child_columns;
    std::string parent;
    std::vector<std::string> parent_columns;
    Position position;
};

/// Which references a job's subset follows.
struct Follow
{
    bool automatic = false; ///< upstream's foreign keys, besides `edges`
    std::vector<FollowEdge> edges;
    bool pull_parents = false; ///< parents outside the subset that kept rows need come along
};

/// One entry of a job's list of tables.
struct TableEntry
{
    std::string name; ///< exact; never a pattern
    bool skip = false;
    std::string where; ///< SQL condition on upstream columns; empty: every row
    std::optional<Outside> outside;
    std::optional<KeyChoice> key;
    std::optional<Zoom> zoom;
    std::vector<std::string> excluded_columns;
    std::map<std::string, MaskEntry> masks; ///< by column
    std::vector<Step> steps;                ///< in the order of work; empty: one sync
    Position position;
};

/// Two databases that a job writes in turn, always the one that is not in use.
/// docs/uses/local-copy.md.
struct Alternate
{
    std::vector<std::string> databases; ///< two, on the server of the job's `to`
    /// The database whose views show the tables of the one in use; or …
    std::optional<std::string> views;
    std::optional<std::string> file; ///< … the file that holds its name
    Position position;
};

/// A named set of tables and endpoints.
struct Job
{
    std::string from; ///< a name in Config::endpoints
    std::string to;   ///< a name in Config::endpoints, other than `from`
    Options options;
    std::vector<TableEntry> tables; ///< in the order of work; empty: every base table of `from`
    Follow follow;
    std::string mask_key_env; ///< the variable with the masks' key; empty: SLICETOOL_MASK_KEY
    std::optional<Alternate> alternate;
    Position position;
};

/// What holds for every job and endpoint that says nothing else.
struct Defaults
{
    Options options;
    EndpointSettings endpoint; ///< only TLS and timeouts
};

struct EndpointEntry
{
    EndpointSettings settings;
    Position position;
};

/// A whole config file, checked: names refer to what exists and values are in their bounds.
struct Config
{
    std::string file;
    std::map<std::string, EndpointEntry> endpoints;
    std::map<std::string, Job> jobs;
    Defaults defaults;
};

/// The job of that name with the file's defaults filled in. Throws UsageError with the nearest
/// name.
Job find_job(const Config& config, const std::string& name);

} // namespace slicetool::config
