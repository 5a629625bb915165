#pragma once

#include "undo/entries.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::undo {

/// Reads an undo file. Of a run that was killed the end may be torn, and after a power cut have
/// holes: frames that are not whole, what follows them, and batches without their end were never
/// committed and do not count. For one thread at a time.
class Reader
{
public:
    /// One transaction that may have been committed.
    struct Batch
    {
        std::uint64_t table = 0;
        std::vector<std::uint64_t> frames; ///< places in the file, for read()
    };

    /// Looks through the whole file. Throws base::Error when it cannot be read, is no undo file, or
    /// is damaged where it was whole on the disk once.
    explicit Reader(const std::string& path);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader();

    const std::string& path() const { return m_path; }
    const Header& header() const { return m_header; }
    const std::vector<Table>& tables() const { return m_tables; }

    /// In the order in which their transactions may have been committed.
    const std::vector<Batch>& batches() const { return m_batches; }

    /// The size bound was reached: the run went on without saving.
    bool is_incomplete() const { return m_incomplete; }

    /// Where the file cannot be read any more although a batch ends behind that place, and nothing
    /// says that the place was ever synced: a power cut can leave that, and then nothing from there
    /// on was committed. What lies before is all that counts.
    std::optional<std::uint64_t> hole() const { return m_hole; }

    /// A frame of a batch.
    Frame read(std::uint64_t place) const;

private:
    void look_through();
    void take(const Frame& frame, std::uint64_t place);
    void look_beyond(std::uint64_t damaged);
    std::string bytes(std::uint64_t place, std::size_t length) const;
    std::string content(std::uint64_t place, std::uint64_t& next) const;

    const std::string m_path;
    int m_file = -1;
    std::uint64_t m_size = 0;
    Header m_header;
    std::vector<Table> m_tables;
    std::vector<Batch> m_batches;
    bool m_incomplete = false;
    std::optional<std::uint64_t> m_hole;
};

/// The header alone, of a file of whatever length. Throws base::Error as the reader does.
Header read_header(const std::string& path);

} // namespace slicetool::undo
