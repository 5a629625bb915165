#include "report/run_text.hpp"

#include "report/text.hpp"
#include "report/time_text.hpp"

#include <fmt/format.h>

namespace slicetool::report {

namespace {

std::string paragraph(const std::string& bytes, std::size_t width)
{
    std::string text;
    for (const auto& line : wrapped(printable_lines(bytes), width))
        text += line + "\n";
    return text;
}

std::string warnings_text(const Record& record, std::size_t width)
{
    std::string text;
    for (const Note& note : record.notes) {
        if (note.severity != Severity::warning)
            continue;
        const std::string place = note.table.empty() ? "" : note.table + ": ";
        text += paragraph("warning: " + place + note.sentence, width);
    }
    return text;
}

} // namespace

std::string run_text(const RunLine& line, const Record& record, std::size_t width, Colour colour)
{
    std::string text = fmt::format("run {}, {}, {}\n", line.id, local_time(line.started),
                                   line.ended ? fmt::format("exit status {}", line.exit_status)
                                              : "still running, or killed");
    if (record.run)
        text += header_text(*record.run, width);
    else
        text += paragraph(fmt::format("{} from {} to {}", line.command, line.from, line.to), width);
    text += warnings_text(record, width);
    text += summary_text(record, width, colour);
    if (!line.failure.empty())
        text += paragraph(line.failure, width);
    return text;
}

} // namespace slicetool::report
