#include "undo/reader.hpp"

#include "undo/bytes.hpp"
#include "undo/frame.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace slicetool::undo {

namespace {

/// Bytes that are searched at once for a frame behind a damaged one.
constexpr std::size_t k_search_bytes = 1024 * 1024;

[[noreturn]] void refuse_file(const std::string& path, const std::string& why)
{
    throw base::Error(fmt::format("{} {}.", path, why));
}

} // namespace

Reader::Reader(const std::string& path) : m_path(path)
{
    m_file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status = {};
    if (m_file < 0 || ::fstat(m_file, &status) != 0)
        throw base::Error(
            fmt::format("Cannot read the undo file {}: {}.", path, std::strerror(errno)));
    m_size = static_cast<std::uint64_t>(status.st_size);
    try {
        look_through();
    } catch (...) {
        ::close(m_file);
        throw;
    }
}

Reader::~Reader()
{
    ::close(m_file);
}

std::string Reader::bytes(std::uint64_t place, std::size_t length) const
{
    std::string bytes(length, '\0');
    std::size_t got = 0;
    while (got < length) {
        const ssize_t now =
            ::pread(m_file, bytes.data() + got, length - got, static_cast<off_t>(place + got));
        if (now < 0 && errno == EINTR)
            continue;
        if (now < 0)
            throw base::Error(
                fmt::format("Cannot read the undo file {}: {}.", m_path, std::strerror(errno)));
        if (now == 0)
            throw Damaged("the file ends");
        got += static_cast<std::size_t>(now);
    }
    return bytes;
}

/// Of the frame at a place; `next` is where the next one begins.
std::string Reader::content(std::uint64_t place, std::uint64_t& next) const
{
    const std::uint64_t begin = place + k_frame_head_bytes;
    if (begin > m_size)
        throw Damaged("the file ends");
    const std::uint32_t length = packed_length(bytes(place, k_frame_head_bytes));
    if (length > m_size - begin)
        throw Damaged("the file ends");
    next = begin + length;
    return unpack(bytes(begin, length));
}

Frame Reader::read(std::uint64_t place) const
{
    std::uint64_t next = 0;
    try {
        return decode(content(place, next));
    } catch (const Damaged& damage) {
        refuse_file(m_path, fmt::format("is damaged at byte {}: {}", place, damage.what()));
    }
}

void Reader::look_through()
{
    std::uint64_t place = 0;
    std::uint64_t next = 0;
    std::map<std::uint64_t, Batch> open;
    while (place < m_size) {
        Frame frame;
        try {
            frame = decode(content(place, next));
        } catch (const Damaged& damage) {
            if (place == 0)
                refuse_file(m_path, "is no undo file");
            look_beyond(place);
            break; // the torn end of a run that was killed
        }
        if ((place == 0) != (frame.kind == Kind::header))
            refuse_file(m_path, "is no undo file");
        if (frame.kind >= Kind::rows && frame.kind <= Kind::end && frame.table >= m_tables.size())
            refuse_file(m_path, fmt::format("is damaged at byte {}: no such table", place));
        if (frame.kind == Kind::end) {
            m_batches.push_back(std::move(open[frame.batch]));
            m_batches.back().table = frame.table;
            open.erase(frame.batch);
        } else if (frame.kind >= Kind::rows && frame.kind < Kind::end) {
            open[frame.batch].frames.push_back(place);
        } else {
            take(frame, place);
        }
        place = next;
    }
    if (place == 0)
        refuse_file(m_path, "is empty: the run that made it was killed before it changed anything");
}

void Reader::take(const Frame& frame, std::uint64_t /*place*/)
{
    switch (frame.kind) {
    case Kind::header:
        m_header = frame.header;
        if (m_header.format != k_format_version)
            refuse_file(m_path, fmt::format("has format {}, which this version of slicetool does "
                                            "not know",
                                            m_header.format));
        break;
    case Kind::table:
        m_tables.push_back(frame.description);
        break;
    default:
        m_incomplete = true;
    }
}

/// The end of a batch says how much of the file was synced before it was written: what cannot be
/// read, and was synced, was damaged later.
void Reader::look_beyond(std::uint64_t damaged)
{
    std::uint64_t place = damaged + 1;
    while (place < m_size) {
        const auto length =
            static_cast<std::size_t>(std::min<std::uint64_t>(k_search_bytes, m_size - place));
        const std::string some = bytes(place, length);
        const std::size_t found = some.find(k_marker);
        if (found == std::string::npos) {
            if (place + length == m_size)
                return;
            place += length - (k_marker.size() - 1);
            continue;
        }
        place += found;
        try {
            std::uint64_t next = 0;
            const Frame frame = decode(content(place, next));
            if (frame.kind == Kind::end && frame.synced > damaged)
                refuse_file(m_path, fmt::format("is damaged at byte {}, which was on the disk when "
                                                "byte {} was written: restore it from a copy",
                                                damaged, place));
            if (frame.kind == Kind::end)
                m_hole = damaged;
            place = next;
        } catch (const Damaged&) {
            ++place;
        }
    }
}

Header read_header(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        throw base::Error(
            fmt::format("Cannot read the undo file {}: {}.", path, std::strerror(errno)));
    constexpr std::size_t k_most = 64 * 1024;
    std::string some(k_most, '\0');
    const ssize_t got = ::read(file, some.data(), some.size());
    ::close(file);
    some.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    try {
        const std::uint32_t length = packed_length(some.substr(0, k_frame_head_bytes));
        if (length > some.size() - k_frame_head_bytes)
            throw Damaged("the file ends");
        const Frame frame = decode(unpack(some.substr(k_frame_head_bytes, length)));
        if (frame.kind == Kind::header)
            return frame.header;
    } catch (const Damaged&) { // said below
    }
    refuse_file(path, "is no undo file");
}

} // namespace slicetool::undo
