#include "undo/writer.hpp"

#include "undo/frame.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace slicetool::undo {

namespace {

/// Content of a frame: enough to compress well, little enough to keep in memory by the dozen.
constexpr std::size_t k_frame_bytes = 1024 * 1024;

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

/// The name must last as well as the content: so the folder is synced, too.
void Writer::create()
{
    if (m_file >= 0)
        return;
    m_file = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (m_file < 0)
        fail("create");
    const std::string folder = std::filesystem::path(m_path).parent_path().string();
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = handle >= 0 && ::fsync(handle) == 0;
    if (handle >= 0)
        ::close(handle);
    if (!synced)
        fail("sync the folder of");
    std::string content = encode_head(Kind::header, 0, 0);
    undo::append(content, m_header);
    write_whole(pack(content));
}

/// All of the bytes or none of them: what follows a torn frame could not be read.
void Writer::write_whole(const std::string& bytes)
{
    std::size_t written = 0;
    while (written < bytes.size()) {
        const ssize_t now = ::write(m_file, bytes.data() + written, bytes.size() - written);
        if (now < 0 && errno == EINTR)
            continue;
        if (now < 0) {
            const int reason = errno;
            const auto end = static_cast<off_t>(m_bytes);
            if (::ftruncate(m_file, end) != 0 || ::lseek(m_file, end, SEEK_SET) != end) {
                errno = reason;
                fail("shorten");
            }
            errno = reason;
            fail("write");
        }
        written += static_cast<std::size_t>(now);
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

void Writer::sync()
{
    // The length is part of what it takes to read the data: fdatasync keeps it, too.
    if (::fdatasync(m_file) != 0)
        fail("sync");
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
    m_writer.append(pack(encode_head(Kind::end, *m_batch, m_table)));
    m_batch.reset();
    m_writer.sync();
}

} // namespace slicetool::undo
