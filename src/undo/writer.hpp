#pragma once

#include "base/error.hpp"
#include "undo/entries.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

namespace slicetool::undo {

/// What happens when the file has reached its bound.
enum class WhenFull {
    stop,  ///< the table's work ends with a sentence, before the commit that would not be saved
    go_on, ///< the run goes on, and can be undone only up to here
};

struct Limits
{
    std::uint64_t max_bytes = std::numeric_limits<std::uint64_t>::max();
    WhenFull when_full = WhenFull::stop;
    /// Told once, in a sentence, when the run goes on without.
    std::function<void(const std::string&)> full;
};

/// The undo file of a run. It is made, with mode 0600, when there is something to be written; a run
/// that changes nothing leaves none. Any number of threads may write batches at the same time. Once
/// the disk may lack a part of it, it takes nothing more: each call tells that again.
class Writer
{
public:
    /// The folder exists. Nothing is written yet.
    Writer(std::string path, Header header, Limits limits);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer();

    const std::string& path() const { return m_path; }

    /// What is known once the servers have answered; to be called before the first table is added.
    void set_origin(std::string server, std::string database, std::string digest,
                    int encoding_version);

    /// The number by which a table's batches refer to it. A table that was added before, by another
    /// step, has the number that it has.
    std::uint64_t add_table(const Table& table);

    /// Bytes written so far.
    std::uint64_t bytes() const;

private:
    friend class BatchWriter;

    std::uint64_t begin_batch();
    void append(const std::string& frame);
    void end_batch(std::uint64_t batch, std::uint64_t table);
    void sync();

    void create();
    int create_with(const std::string& header) const;
    bool has_room(std::size_t bytes);
    void write_whole(const std::string& bytes);
    void refuse_broken() const;
    [[noreturn]] void fail(const char* what) const;
    [[noreturn]] void break_at(const char* what);

    const std::string m_path;
    Header m_header;
    const Limits m_limits;
    mutable std::mutex m_mutex;
    std::mutex m_sync_mutex; ///< one sync at a time; locked before m_mutex
    int m_file = -1;         ///< once it has its header, and a name that lasts
    std::uint64_t m_bytes = 0;
    std::uint64_t m_synced = 0; ///< bytes that the disk is known to have
    std::string m_broken;       ///< what was told when the file could not be trusted any more
    std::vector<Table> m_tables;
    std::uint64_t m_batches = 0;
    bool m_full = false;
};

/// The entries of one transaction. For one thread; the writer must outlive it. A batch that is not
/// finished was never committed, and does not count.
///
/// Everything here throws base::Refusal when the file has reached its bound and the run shall stop
/// then, and base::Error when the file cannot be written.
class BatchWriter
{
public:
    BatchWriter(Writer& writer, std::uint64_t table);

    void add(const Values& row);
    void add(const After& after);
    void add(const Piece& piece);
    void add(const Count& count);

    /// Writes what is left, and returns when the disk has it: the commit may follow.
    void finish();

private:
    template<class Entry>
    void add_as(Kind kind, const Entry& entry);
    void flush();

    Writer& m_writer;
    const std::uint64_t m_table;
    std::optional<std::uint64_t> m_batch; ///< from the first frame on
    Kind m_kind = Kind::end;              ///< of the entries that wait
    std::string m_content;
};

} // namespace slicetool::undo
