#include "state/file.hpp"

#include "state/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace slicetool::state {

namespace {

/// Another process's transaction takes milliseconds; on a disk that is busy, seconds.
constexpr int k_busy_milliseconds = 10'000;

Error unusable(const std::string& path, const std::string& why, const std::string& advice)
{
    return Error(fmt::format("The state file {} cannot be used: {}. {}", path, why, advice));
}

std::string advice_for(int code, const std::string& path)
{
    switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fmt::format("Move it away (mv '{0}' '{0}.damaged'), and the next run begins a new "
                           "one.",
                           path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "Another program holds it.";
    default:
        return "Name another one with --state FILE, or do without: --no-state.";
    }
}

/// SQLite would create it with the mode that the umask leaves; journals take the file's mode.
void create_private(const std::string& path)
{
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code trouble;
    if (!folder.empty() && !std::filesystem::exists(folder, trouble)) {
        std::filesystem::create_directories(folder.parent_path(), trouble);
        if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST)
            throw unusable(path,
                           fmt::format("the folder {} cannot be made ({})", folder.string(),
                                       std::generic_category().message(errno)),
                           advice_for(0, path));
    }
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0 && errno != EACCES && errno != EROFS) // SQLite may still read it
        throw unusable(path, std::generic_category().message(errno), advice_for(0, path));
    if (fd >= 0)
        ::close(fd);
}

} // namespace

File::File(std::string path, Missing missing) : m_path(std::move(path))
{
    if (missing == Missing::create)
        create_private(m_path);
    guarded([&] {
        m_database =
            std::make_unique<SQLite::Database>(m_path, SQLite::OPEN_READWRITE, k_busy_milliseconds);
        m_database->exec("PRAGMA foreign_keys = ON");
        bring_up_to_date(*m_database);
    });
}

File::~File() = default;

void File::write(const Work& work)
{
    guarded([&] {
        SQLite::Transaction transaction(*m_database, SQLite::TransactionBehavior::IMMEDIATE);
        work(*m_database);
        transaction.commit();
    });
}

void File::read(const Work& work)
{
    guarded([&] {
        SQLite::Transaction transaction(*m_database, SQLite::TransactionBehavior::DEFERRED);
        work(*m_database);
        transaction.commit();
    });
}

void File::shrink()
{
    guarded([&] { m_database->exec("VACUUM"); });
}

void File::guarded(const std::function<void()>& work) const
{
    try {
        work();
    } catch (const SQLite::Exception& failure) {
        throw unusable(m_path, failure.what(), advice_for(failure.getErrorCode(), m_path));
    } catch (const Error&) {
        throw;
    } catch (const base::Error& failure) {
        throw unusable(m_path, failure.what(), advice_for(0, m_path));
    }
}

std::string library_version()
{
    return fmt::format("SQLite {}", sqlite3_libversion());
}

} // namespace slicetool::state
