#pragma once

#include "report/output.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace slicetool::report {

/// Standard output and standard error of the process, with a block of live lines at the bottom of
/// the terminal that steps aside for everything else. All members are thread-safe; each call writes
/// at once.
class Screen
{
public:
    /// `shared_terminal`: both outputs are the same terminal, so text for `out` also has to wait
    /// for the live lines to step aside.
    Screen(std::unique_ptr<Output> out, std::unique_ptr<Output> err, bool shared_terminal);

    /// The process's own. Errors on standard output are fatal, those on standard error ignored.
    static std::shared_ptr<Screen> of_process();

    /// Shows `lines` (without line ends, each narrower than `columns`) in place of the ones before,
    /// in a single write; does nothing when the same are shown already.
    void paint(const std::vector<std::string>& lines, std::size_t columns);

    /// Takes the live lines away; the next `paint` brings them back.
    void erase();

    /// Text for standard output, whole lines. Throws base::Error when it cannot be written.
    void print_out(std::string_view text);

    /// Text for standard error, whole lines, in the same write as the erasing of the live lines.
    void print_err(std::string_view text);

private:
    std::string erasing() const;
    void forget();

    std::mutex m_mutex;
    std::unique_ptr<Output> m_out;
    std::unique_ptr<Output> m_err;
    bool m_shared_terminal;
    std::vector<std::string> m_shown;
    std::size_t m_columns = 80; ///< the width by the last paint
};

} // namespace slicetool::report
