#include "report/spool.hpp"

#include "base/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>

namespace slicetool::report {

namespace {

[[noreturn]] void fail(const char* what)
{
    throw base::Error(fmt::format("Cannot {} a temporary file for the report: {}. There may be "
                                  "too little room in the folder for temporary files.",
                                  what, std::strerror(errno))); // NOLINT(concurrency-mt-unsafe)
}

} // namespace

void Spool::append(std::string_view text)
{
    m_buffer += text;
    if (m_buffer.size() > m_limit)
        move_to_file();
}

void Spool::move_to_file()
{
    if (!m_file)
        m_file.reset(std::tmpfile());
    if (!m_file)
        fail("make");
    if (std::fwrite(m_buffer.data(), 1, m_buffer.size(), m_file.get()) != m_buffer.size())
        fail("write");
    m_buffer.clear();
}

void Spool::replay(const std::function<void(std::string_view)>& take)
{
    if (m_file) {
        if (std::fflush(m_file.get()) != 0)
            fail("write");
        std::rewind(m_file.get());
        std::array<char, 1 << 16> piece{};
        while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), m_file.get()))
            take({piece.data(), n});
        if (std::ferror(m_file.get()) != 0)
            fail("read back");
    }
    take(m_buffer);
}

} // namespace slicetool::report
