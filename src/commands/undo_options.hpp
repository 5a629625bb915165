#pragma once

#include "commands/connection_options.hpp"
#include "report/reporter.hpp"
#include "undo/writer.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace slicetool::commands {

/// The options that say whether and where a run saves the rows that it changes.
struct UndoChoices
{
    bool off = false;
    std::string folder;
    std::string max_size;
    std::string when_full;
};

void add_undo_options(CLI::App& command, UndoChoices& choices);

/// --undo-dir, else what the config's defaults say, else the user's own folder for such files.
std::string undo_folder(const UndoChoices& choices, const std::string& config_file);

/// Where a run that writes saves rows before it changes them; null with --no-undo. Deletes old undo
/// files. `run`: its number in the state, if it has one. `reporter` must outlive it. Throws
/// base::UsageError, and base::Error when nothing could be saved in the folder.
std::unique_ptr<undo::Writer> open_undo(const UndoChoices& choices, const Connections& connections,
                                        std::optional<std::int64_t> run,
                                        report::Reporter& reporter);

} // namespace slicetool::commands
