#pragma once

#include "state/file.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace slicetool::state {

/// A run's way to the state file. What is to be written is gathered and goes there about once a
/// second on a thread of the keeper's own, so that the run never waits for a disk. Nothing here
/// throws for the file's sake: at the first trouble a sentence is told, once, and from then on
/// nothing is written or found. All members may be called from any thread.
class Keeper
{
public:
    using Complain = std::function<void(const std::string& sentence)>;

    Keeper() = default;
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;
    /// Writes what is left.
    ~Keeper();

    /// To be called once, or never (then this keeps nothing). `complain` may be called from any
    /// thread, until the destructor returns.
    void open(const std::string& path, Complain complain);

    /// Whether what is told now will be kept.
    bool works() const;

    /// Adds to what the next transaction writes. A piece runs once, in the order of the calls, on
    /// some thread.
    void later(File::Work piece);

    /// The same for what replaces an earlier piece of that name, if that was not written yet.
    void latest(const std::string& name, File::Work piece);

    /// Writes at once what has been gathered.
    void flush();

    /// Writes what has been gathered, then lets `work` read. False when there is nothing to read
    /// from.
    bool read(const File::Work& work);

private:
    void write_until_ended();
    void write_gathered();
    void give_up(const Error& failure);

    std::mutex m_file_mutex; ///< of the file; taken before m_mutex
    std::unique_ptr<File> m_file;

    mutable std::mutex m_mutex; ///< of what follows; never held while the file is
    std::vector<File::Work> m_gathered;
    std::map<std::string, File::Work> m_latest; ///< written before those
    Complain m_complain;
    bool m_works = false;
    bool m_ended = false;
    std::condition_variable m_wake;
    std::thread m_thread;
};

} // namespace slicetool::state
