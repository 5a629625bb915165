#include "undo/writer.hpp"

#include "undo/frame.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slicetool::undo {

namespace {

/// Content of a frame: enough to compress well, little enough to keep in memory by the dozen.
constexpr std::size_t k_frame_bytes = 1024 * 1024;

/// False, with errno, when some are missing.
bool write_all(int file, const std::string& bytes)
{
    std::size_t written = 0;
    while (written < bytes.size()) {
        const ssize_t now = ::write(file, bytes.data() + written, bytes.size() - written);
        if (now < 0 && errno == EINTR)
            continue;
        if (now < 0)
            return false;
        written += static_cast<std::size_t>(now);
    }
    return true;
}

/// Some file systems cannot, and say EINVAL; then the name is as safe as theirs are.
bool sync_folder_of(const std::string& path)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const int handle =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return false;
    const int failed = ::fsync(handle) != 0 && errno != EINVAL ? errno : 0;
    ::close(handle);
    errno = failed;
    return failed == 0;
}

} // namespace

Writer::Writer(std::string path, Header header, Limits limits)
    : m_path(std::move(path)), m_header(std::move(header)), m_limits(std::move(limits))
{
}

Writer::~Writer()
{
    if (m_file >= 0)
        ::close(m_file);
}

void Writer::fail(const char* what) const
{
    throw base::Error(fmt::format(
        "Cannot {} the undo file {}: {}. Nothing is written downstream that could not be taken "
        "back: make room there, name another folder with --undo-dir, or say --no-undo.",
        what, m_path, std::strerror(errno)));
}

/// For good: Linux tells of data that did not reach the disk only once.
void Writer::break_at(const char* what)
{
    try {
        fail(what);
    } catch (const base::Error& failure) {
        m_broken = failure.what();
        throw;
    }
}

void Writer::refuse_broken() const
{
    if (!m_broken.empty())
        throw base::Error(m_broken);
}

void Writer::set_origin(std::string server, std::string database, std::string digest,
                        int encoding_version)
{
    const std::scoped_lock lock(m_mutex);
    m_header.server = std::move(server);
    m_header.database = std::move(database);
    m_header.digest = std::move(digest);
    m_header.encoding_version = static_cast<std::uint64_t>(encoding_version);
}

std::uint64_t Writer::bytes() const
{
    const std::scoped_lock lock(m_mutex);
    return m_bytes;
}

std::uint64_t Writer::add_table(const Table& table)
{
    const std::scoped_lock lock(m_mutex);
    const auto known = std::find(m_tables.begin(), m_tables.end(), table);
    const auto number = static_cast<std::uint64_t>(known - m_tables.begin());
    if (known != m_tables.end())
        return number;
    create();
    std::string content = encode_head(Kind::table, 0, number);
    undo::append(content, table);
    write_whole(pack(content));
    m_tables.push_back(table);
    return number;
}

std::uint64_t Writer::begin_batch()
{
    const std::scoped_lock lock(m_mutex);
    return m_batches++;
}

void Writer::create()
{
    refuse_broken();
    if (m_file >= 0)
        return;
    std::string content = encode_head(Kind::header, 0, 0);
    undo::append(content, m_header);
    const std::string header = pack(content);
    m_file = create_with(header);
    m_bytes = m_synced = header.size();
}

/// The name must last as well as the content: so the folder is synced, too. A file that is not
/// whole does not stay.
int Writer::create_with(const std::string& header) const
{
    const int file =
        ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        fail("create");
    ::flock(file, LOCK_EX | LOCK_NB); // so that prune() leaves it; where there are no locks, none
    const char* failed = !write_all(file, header)  ? "write"
                         : ::fdatasync(file) != 0  ? "sync"
                         : !sync_folder_of(m_path) ? "sync the folder of"
                                                   : nullptr;
    if (failed == nullptr)
        return file;
    const int reason = errno;
    ::close(file);
    ::unlink(m_path.c_str());
    errno = reason;
    fail(failed);
}

/// All of the bytes or none of them: what follows a torn frame could not be read.
void Writer::write_whole(const std::string& bytes)
{
    refuse_broken();
    if (!write_all(m_file, bytes)) {
        const int reason = errno;
        const auto end = static_cast<off_t>(m_bytes);
        const bool shortened =
            ::ftruncate(m_file, end) == 0 && ::lseek(m_file, end, SEEK_SET) == end;
        errno = reason;
        if (!shortened)
            break_at("shorten");
        fail("write");
    }
    m_bytes += bytes.size();
}

/// False when the run goes on without.
bool Writer::has_room(std::size_t bytes)
{
    if (m_full)
        return false;
    if (m_bytes + bytes <= m_limits.max_bytes)
        return true;
    if (m_limits.when_full == WhenFull::stop)
        throw base::Refusal(fmt::format(
            "The undo file {} has reached its bound: the rows that would change next are not saved "
            "there, so they were not changed. Raise --undo-max-size, go on without with "
            "--undo-when-full go-on, or save nothing with --no-undo.",
            m_path));
    m_full = true;
    write_whole(pack(encode_head(Kind::full, 0, 0)));
    if (m_limits.full)
        m_limits.full(fmt::format(
            "The undo file {} has reached its bound: what this run changes from here on cannot be "
            "undone.",
            m_path));
    return false;
}

void Writer::append(const std::string& frame)
{
    const std::scoped_lock lock(m_mutex);
    if (has_room(frame.size()))
        write_whole(frame);
}

void Writer::end_batch(std::uint64_t batch, std::uint64_t table)
{
    const std::scoped_lock lock(m_mutex);
    const std::string frame = pack(encode_end(batch, table, m_synced));
    if (has_room(frame.size()))
        write_whole(frame);
}

/// One at a time, so that of two threads whose data did not reach the disk none is told that its
/// did.
void Writer::sync()
{
    const std::scoped_lock one(m_sync_mutex);
    std::uint64_t written = 0;
    {
        const std::scoped_lock lock(m_mutex);
        refuse_broken();
        written = m_bytes;
    }
    // The length is part of what it takes to read the data: fdatasync keeps it, too.
    const int failed = ::fdatasync(m_file) != 0 ? errno : 0;
    const std::scoped_lock lock(m_mutex);
    errno = failed;
    if (failed != 0)
        break_at("sync");
    m_synced = written;
}

BatchWriter::BatchWriter(Writer& writer, std::uint64_t table) : m_writer(writer), m_table(table) {}

template<class Entry>
void BatchWriter::add_as(Kind kind, const Entry& entry)
{
    if (m_kind != kind || m_content.size() >= k_frame_bytes)
        flush();
    m_kind = kind;
    append(m_content, entry);
}

void BatchWriter::add(const Values& row)
{
    add_as(Kind::rows, row);
}

void BatchWriter::add(const After& after)
{
    add_as(Kind::afters, after);
}

void BatchWriter::add(const Piece& piece)
{
    add_as(Kind::pieces, piece);
}

void BatchWriter::add(const Count& count)
{
    add_as(Kind::counts, count);
}

void BatchWriter::flush()
{
    if (m_content.empty())
        return;
    if (!m_batch)
        m_batch = m_writer.begin_batch();
    m_writer.append(pack(encode_head(m_kind, *m_batch, m_table) + m_content));
    m_content.clear();
}

void BatchWriter::finish()
{
    flush();
    if (!m_batch)
        return;
    m_writer.end_batch(*m_batch, m_table);
    m_batch.reset();
    m_writer.sync();
}

} // namespace slicetool::undo
