#include "db/local_data.hpp"

#include <cerrno>
#include <cstring>
#include <errmsg.h>
#include <mysql.h>
#include <unistd.h>
#include <utility>

namespace slicetool::db {

namespace {

thread_local const LocalData* t_offered = nullptr;

/// For the client library's printf: no percent sign, and nothing that the server sent. (The
/// library's own reader of files puts the server's file name there.)
constexpr const char* k_refusal =
    "the server asked for a file of this machine, which was refused: it is not to be trusted";
constexpr const char* k_read_failure = "the rows could not be read back from their pipe";

// The four functions of mysql_set_local_infile_handler. `request` is what begin() made of it: the
// data offered, or null.

int begin(void** request, const char* name, void* /*unused*/)
{
    const bool offered = t_offered != nullptr && t_offered->name() == name;
    *request = offered ? const_cast<LocalData*>(t_offered) : nullptr;
    return offered ? 0 : 1;
}

int read_some(void* request, char* buffer, unsigned size)
{
    ssize_t count = 0;
    do
        count = ::read(static_cast<const LocalData*>(request)->descriptor(), buffer, size);
    while (count < 0 && errno == EINTR);
    return static_cast<int>(count);
}

void end(void* /*request*/) {}

int tell_error(void* request, char* message, unsigned size)
{
    std::strncpy(message, request == nullptr ? k_refusal : k_read_failure, size - 1);
    message[size - 1] = '\0';
    return CR_UNKNOWN_ERROR;
}

} // namespace

LocalData::LocalData(std::string name, int descriptor)
    : m_name(std::move(name)), m_descriptor(descriptor)
{
    t_offered = this;
}

LocalData::~LocalData()
{
    t_offered = nullptr;
}

void guard_local_files(st_mysql* connection)
{
    mysql_set_local_infile_handler(connection, begin, read_some, end, tell_error, nullptr);
}

} // namespace slicetool::db
