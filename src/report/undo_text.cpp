#include "report/undo_text.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/text.hpp"
#include "report/words.hpp"

#include <fmt/format.h>

namespace slicetool::report {

namespace {

constexpr std::size_t k_indent = 4;

std::string counts_of(const UndoResult& result, bool dry_run)
{
    std::vector<std::string> parts{fmt::format("{} {}", counted(result.restored, "row", "rows"),
                                               dry_run ? "would be restored" : "restored")};
    if (result.as_before > 0)
        parts.push_back(base::format_count(result.as_before) + " as before already");
    if (result.refused > 0)
        parts.push_back(base::format_count(result.refused) + " refused");
    return base::join(parts, ", ");
}

} // namespace

std::string undo_text(const UndoResult& result, bool dry_run, std::size_t width)
{
    const bool whole =
        result.outcome == UndoOutcome::refused || result.outcome == UndoOutcome::failed;
    std::string text = fmt::format("{}: ", printable(result.table));
    if (whole)
        text += spoken(word(result.outcome));
    if (!whole || result.restored > 0)
        text += (whole ? "; " : "") + counts_of(result, dry_run);
    text += '\n';
    if (result.reason.empty())
        return text;
    for (const auto& line :
         wrapped(printable(result.reason), width > k_indent ? width - k_indent : 1))
        text += std::string(k_indent, ' ') + line + "\n";
    return text;
}

std::string closing_of_undo(const Record& record)
{
    UndoResult sum;
    std::size_t failed = 0;
    for (const auto& result : record.undone) {
        sum.restored += result.restored;
        sum.as_before += result.as_before;
        sum.refused += result.refused;
        failed += result.outcome == UndoOutcome::refused || result.outcome == UndoOutcome::failed;
    }
    const bool dry_run = record.run && record.run->dry_run;
    std::string text = fmt::format("{}: {}", counted(record.undone.size(), "table", "tables"),
                                   counts_of(sum, dry_run));
    if (failed > 0)
        text += "; " + counted(failed, "table", "tables") + " refused or failed";
    return text + (dry_run ? "; dry run, nothing written" : "");
}

} // namespace slicetool::report
