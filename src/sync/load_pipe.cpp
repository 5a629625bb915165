#include "sync/load_pipe.hpp"

#include "base/error.hpp"
#include "db/local_data.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace slicetool::sync {

namespace {

/// Text collected before it goes into the pipe; the pipe itself holds 64 KiB, or 1 MiB where that
/// is allowed.
constexpr std::size_t k_flush_bytes = 64 * 1024;
constexpr int k_pipe_bytes = 1024 * 1024;

/// How long a full pipe is waited for before it is asked whether the statement still runs.
constexpr int k_poll_milliseconds = 50;

/// What LOAD DATA calls the rows, and the server asks for. No file: see db/local_data.
constexpr const char* k_name = "slicetool-rows";

base::Error pipe_error(const char* what)
{
    return base::Error(
        fmt::format("Could not {} the pipe for LOAD DATA: {}.", what, std::strerror(errno)));
}

} // namespace

LoadPipe::LoadPipe(const TableSide& side, db::Session& downstream, const base::StopToken& stop)
    : m_stop(stop)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw pipe_error("open");
    m_read_end = ends[0];
    m_write_end = ends[1];
    ::fcntl(m_write_end, F_SETPIPE_SZ, k_pipe_bytes); // a wish; 64 KiB will do
    ::fcntl(m_write_end, F_SETFL, O_NONBLOCK);
    m_statement = m_courier.submit([&downstream, label = "load rows into " + side.name,
                                    text = build_load(side, k_name), source = m_read_end] {
        const db::LocalData rows(k_name, source);
        return downstream.execute(label, text);
    });
}

LoadPipe::~LoadPipe()
{
    close_write_end();
    // The read end goes before the wait: a statement that never opened it must not be waited for by
    // a writer.
    if (m_statement.valid())
        m_statement.wait();
    ::close(m_read_end);
}

bool LoadPipe::statement_ended() const
{
    return m_statement.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

void LoadPipe::add(const RowValues& values)
{
    append_load_row(m_buffer, values);
    if (m_buffer.size() >= k_flush_bytes)
        flush();
}

void LoadPipe::flush()
{
    std::size_t sent = 0;
    while (sent < m_buffer.size()) {
        m_stop.throw_if_stopped();
        const ssize_t written =
            ::write(m_write_end, m_buffer.data() + sent, m_buffer.size() - sent);
        if (written > 0) {
            sent += static_cast<std::size_t>(written);
            continue;
        }
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            throw pipe_error("write to");
        if (statement_ended())
            break; // finish() tells why
        pollfd room{m_write_end, POLLOUT, 0};
        ::poll(&room, 1, k_poll_milliseconds);
    }
    m_buffer.clear();
}

void LoadPipe::close_write_end()
{
    if (m_write_end >= 0)
        ::close(m_write_end);
    m_write_end = -1;
}

std::uint64_t LoadPipe::finish()
{
    flush();
    close_write_end();
    return m_statement.get();
}

} // namespace slicetool::sync
