#pragma once

#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace slicetool::report {

/// Text kept for later in bounded memory: beyond a limit it goes to an unnamed temporary file,
/// which nobody else can open and which vanishes with the process. Not thread-safe.
class Spool
{
public:
    explicit Spool(std::size_t memory_bytes = k_memory_bytes) : m_limit(memory_bytes) {}

    /// Throws base::Error when the temporary file cannot be made or written.
    void append(std::string_view text);

    bool empty() const { return m_buffer.empty() && !m_file; }

    /// Hands over everything appended, in order, in pieces. Call it once, at the end.
    void replay(const std::function<void(std::string_view)>& take);

private:
    /// A hundredth of what the client may use (64 MiB), and room for some 10,000 keys.
    static constexpr std::size_t k_memory_bytes = 1 << 20;

    struct Close
    {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    void move_to_file();

    std::size_t m_limit;
    std::string m_buffer;
    std::unique_ptr<std::FILE, Close> m_file;
};

} // namespace slicetool::report
