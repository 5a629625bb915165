#pragma once

#include "base/stop.hpp"
#include "random/contents.hpp"
#include "random/model.hpp"
#include "random/session.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace slicetool::search {

/// Where a case went wrong; a smaller case that goes wrong at the same place counts as the same.
enum class Stage {
    create, ///< the generator wrote what upstream does not take
    pull_schema,
    verify_before,
    slice,
    contents, ///< after the slice the two sides differ by the independent comparison
    verify_after,
    undo ///< the slice taken back, downstream is not what it was before
};

std::string_view stage_name(Stage stage);

/// The property does not hold.
class Finding : public std::runtime_error
{
public:
    Finding(Stage stage, const std::string& what) : std::runtime_error(what), m_stage(stage) {}
    Stage stage() const { return m_stage; }

private:
    Stage m_stage;
};

/// What a search has gone through.
struct Tally
{
    std::uint64_t cases = 0;
    std::uint64_t tables = 0;
    std::uint64_t rows = 0;      ///< of both sides, when they were compared first
    std::uint64_t changes = 0;   ///< statements after both sides had been filled
    std::uint64_t rejected = 0;  ///< of these statements, by a server
    std::uint64_t different = 0; ///< tables that differed before the slice
    std::uint64_t refused = 0;   ///< tables that pull_schema, slice or verify refused
    std::map<std::string, std::uint64_t> reasons; ///< of refusals, without what varies
};

/// Two databases of a pairing's servers. It changes settings of the whole servers, and takes them
/// back in the end.
class Checker
{
public:
    /// Makes a database of its own on either server, and drops it in the end.
    Checker(const base::Endpoint& up, const base::Endpoint& down);
    Checker(const Checker&) = delete;
    Checker& operator=(const Checker&) = delete;
    ~Checker();

    Families families() const;

    /// Builds the case and checks that verify and slice are right about it, adding to `tally`.
    /// Throws Finding when they are not.
    void check(const Case& of, Tally& tally);

private:
    struct Server;

    /// What has been seen of one table so far.
    struct Judged
    {
        const Table* table = nullptr;
        std::string where;
        bool pulled = false;  ///< downstream has it
        bool refused = false; ///< it may be left as it was
        Contents up;          ///< the rows to be copied
        Contents down;        ///< the rows to be replaced by them
        Contents outside;     ///< downstream's rows that shall stay
        Contents carried;     ///< of the excluded column, downstream
        Contents whole;       ///< all of downstream's columns and rows
        Counts counts;
    };

    void set_up(const Case& of, Tally& tally);
    void pull(const Case& of, Tally& tally);
    void drift(const Table& table);
    void verify_before(const Case& of, Tally& tally);
    void slice(const Case& of, Tally& tally);
    void compare_contents(const Case& of);
    void check_outside(const Case& of, const Judged& judged);
    void check_carried(const Case& of, const Judged& judged);
    void verify_after(const Case& of);
    void take_back(const Case& of);
    void take_back_once(const Case& of);
    void refused(const std::string& table, const std::string& reason, Tally& tally);

    std::array<std::unique_ptr<Server>, 2> m_servers;
    std::map<std::string, Judged> m_judged; ///< by the table's name
    const std::string m_undo_file;          ///< what the slice has saved
    base::StopToken m_stop;
};

} // namespace slicetool::search
