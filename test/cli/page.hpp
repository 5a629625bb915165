#pragma once

#include "cli/process.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace slicetool::test {

/// A page below docs/ whose code blocks a test runs, so that the page cannot rot.
///
/// In a page, a block that begins with ```sh, ```bash or ```yaml stands below a comment, which
/// readers do not see:
///
///     <!-- test: run -->                   a script for bash
///     <!-- test: run status=1 -->          … which ends with that status, not 0
///     <!-- test: run shows="MADE EQUAL" -->  … and prints this text, wherever the
///                                            lines break (may be repeated)
///     <!-- test: run name=hourly -->       … by that name, run(name) runs it again
///     <!-- test: file=shop.yaml -->        the block is the text of that file
///     <!-- test: skip -->                  nothing a test could run
///
/// Other blocks (output, units of systemd) are only read by people. Scripts run in one folder, each
/// in a shell of its own with -eu and pipefail; `slicetool` is the program under test, HOME is an
/// empty folder in which a test may write an option file.
class Page
{
public:
    /// `path` below docs/, "uses/nightly.md", or an absolute one. Throws when a block has no such
    /// comment, or a comment cannot be understood.
    explicit Page(const std::string& path);

    /// Whenever a block says `written`, `meant` is run: names of servers and databases. Throws when
    /// no block says it, or does not any longer.
    void replace(const std::string& written, const std::string& meant);

    /// Writes a file into HOME: ".my.cnf".
    void write_home(const std::string& name, const std::string& text) const;

    /// What happens outside of the page before the block of that name is run: a day goes by.
    void before(const std::string& name, std::function<void()> event);

    /// The folder in which the scripts run.
    std::string folder() const { return m_folder.path() + "/work"; }

    /// Runs all blocks in order. Empty when each ended as the page says; else a message with the
    /// block, and what it printed.
    std::string run() const;

    /// Runs the blocks of that name. Throws when there is none.
    std::string run(const std::string& name) const;

private:
    struct Block
    {
        enum class Kind { script, file, skipped };
        Kind kind = Kind::skipped;
        std::string name; ///< of a script, or of the file
        int status = 0;
        std::vector<std::string> shows;
        std::string text;
        std::size_t line = 0; ///< of its first line in the page
    };

    void parse(const std::string& text);
    void understand(const std::string& comment, Block& block) const;
    std::string run(const Block& block) const;
    [[noreturn]] void fail(std::size_t line, const std::string& what) const;

    std::string m_path;
    TemporaryFolder m_folder;
    std::vector<Block> m_blocks;
    std::map<std::string, std::function<void()>> m_events;
};

} // namespace slicetool::test
