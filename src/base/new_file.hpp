#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>

namespace slicetool::base {

/// A file that is written beside `path` and takes its place in one step: whoever opens `path` finds
/// what was there before or all of the new file, also after a crash of the machine. Until then
/// nothing has changed; a file that never took the place is removed. A symbolic link stays one: the
/// file it leads to is replaced. Each error is a base::Error with the path and the system's reason.
class NewFile
{
public:
    /// Throws, too, when `path` is something else than a file: a device, a folder, a pipe.
    NewFile(const std::string& path, mode_t mode);
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile();

    /// To write to; stays this object's.
    int fd() const { return m_fd; }
    void write(std::string_view text);

    /// Replaces what is there.
    void take_place();
    /// False, and nothing has changed, when there is something.
    bool take_free_place();

private:
    void sync();
    void sync_folder() const;

    std::string m_path;
    std::string m_beside; ///< empty when it took its place
    int m_fd = -1;
};

} // namespace slicetool::base
