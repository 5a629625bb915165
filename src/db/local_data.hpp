#pragma once

#include <string>

struct st_mysql; // the client library's connection

namespace slicetool::db {

/// While it lives, a LOAD DATA LOCAL that runs on this thread reads `descriptor` to its end when
/// the server asks for `name`. Whatever else a server asks for, on this or any other connection, is
/// refused: no server is ever sent a file. One at a time on a thread; the descriptor stays the
/// caller's.
class LocalData
{
public:
    LocalData(std::string name, int descriptor);
    LocalData(const LocalData&) = delete;
    LocalData& operator=(const LocalData&) = delete;
    ~LocalData();

    const std::string& name() const { return m_name; }
    int descriptor() const { return m_descriptor; }

private:
    std::string m_name;
    int m_descriptor;
};

/// Makes a connection answer requests for local files as LocalData says.
void guard_local_files(st_mysql* connection);

} // namespace slicetool::db
