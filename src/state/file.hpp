#pragma once

#include "base/error.hpp"

#include <functional>
#include <memory>
#include <string>

namespace SQLite {
class Database;
}

namespace slicetool::state {

/// The state could not be read or written: full sentences that name the file and say what to do.
class Error : public base::Error
{
public:
    using base::Error::Error;
};

/// An open state file: a SQLite database (schema.cpp) with mode 0600. Several processes may use one
/// at the same time; each waits for the others' transactions. For one thread at a time.
///
/// It keeps a rollback journal rather than a write-ahead log: that needs no memory shared between
/// processes, so that it also works in homes on NFS; nothing stays beside the file between runs;
/// and writing, a few short transactions a run, is never in a hurry.
class File
{
public:
    enum class Missing {
        create, ///< with its folders (mode 0700)
        refuse
    };

    /// Throws Error.
    File(std::string path, Missing missing);
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    const std::string& path() const { return m_path; }

    using Work = std::function<void(SQLite::Database&)>;

    /// Runs `work` in one transaction that writes. Throws Error; nothing was written then.
    void write(const Work& work);

    /// Runs `work`, which sees one moment of the file. Throws Error.
    void read(const Work& work);

    /// Gives the room of what was deleted back to the file system. Throws Error.
    void shrink();

private:
    void guarded(const std::function<void()>& work) const;

    std::string m_path;
    std::unique_ptr<SQLite::Database> m_database;
};

/// "SQLite 3.40.1", the library that runs.
std::string library_version();

} // namespace slicetool::state
