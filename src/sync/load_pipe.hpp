#pragma once

#include "base/stop.hpp"
#include "sync/session_pair.hpp"
#include "sync/statements.hpp"

#include <future>
#include <string>

namespace slicetool::sync {

/// One LOAD DATA LOCAL that reads what is added here: the statement runs on a thread of its own and
/// is fed from a pipe; no file exists, and no other is given to the server (db/local_data). For one
/// thread; the session must not be used by others until finish() returned or the object is gone.
class LoadPipe
{
public:
    LoadPipe(const TableSide& side, db::Session& downstream, const base::StopToken& stop);
    LoadPipe(const LoadPipe&) = delete;
    LoadPipe& operator=(const LoadPipe&) = delete;

    /// Ends the data early, so that the statement ends, and waits for it.
    ~LoadPipe();

    /// May wait for the server. Rows after a failure of the statement are dropped: finish() tells.
    void add(const RowValues& values);

    /// Ends the data and waits for the statement. Returns the rows that the server stored; throws
    /// its error.
    std::uint64_t finish();

private:
    void flush();
    void close_write_end();
    bool statement_ended() const;

    const base::StopToken m_stop;
    int m_read_end = -1;
    int m_write_end = -1;
    std::string m_buffer;
    std::future<std::uint64_t> m_statement;
    Courier m_courier;
};

} // namespace slicetool::sync
