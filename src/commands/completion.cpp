#include "base/text.hpp"
#include "commands/described_options.hpp"
#include "commands/generate.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace slicetool::commands {

namespace {

/// {cases}: a line for each command; {files}, {values}: patterns of options; {words}: what can
/// stand where no command does.
constexpr std::string_view k_bash =
    R"(# bash completion of slicetool; made by "slicetool generate bash"
_slicetool() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command='' options at
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ ${{COMP_WORDS[at]}} == -* ]] || {{ command=${{COMP_WORDS[at]}} && break; }}
  done
  COMPREPLY=()
  case $previous in
    {files})
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return ;;
    {values}) return ;;
  esac
  case $command in
{cases}    *) options='{words}' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
}}
complete -F _slicetool slicetool
)";

constexpr std::string_view k_zsh = R"(#compdef slicetool
# zsh completion of slicetool; made by "slicetool generate zsh"
local -a commands=({commands})
if (( CURRENT == 2 )); then
  _describe command commands
  return
fi
local command=$words[2]
shift words
(( CURRENT-- ))
case $command in
{cases}esac
)";

/// The options of a command and of its own commands.
std::vector<DescribedOption> all_options_of(const CLI::App& command)
{
    std::vector<DescribedOption> options = options_of(command);
    for (const CLI::App* part : commands_of(command)) {
        for (auto& option : all_options_of(*part)) {
            const bool known = std::any_of(options.begin(), options.end(), [&](const auto& other) {
                return other.names == option.names;
            });
            if (!known)
                options.push_back(std::move(option));
        }
    }
    return options;
}

/// What can follow a command: its own commands, and options.
std::vector<std::string> words_after(const CLI::App& command)
{
    std::vector<std::string> words;
    for (const CLI::App* part : commands_of(command))
        words.push_back(part->get_name());
    for (const auto& option : all_options_of(command))
        words.insert(words.end(), option.names.begin(), option.names.end());
    return words;
}

/// The names of all options, of any command, whose value is or is not a file.
std::vector<std::string> taking(const CLI::App& app, bool file)
{
    std::vector<std::string> names;
    for (const CLI::App* command : commands_of(app)) {
        for (const auto& option : all_options_of(*command)) {
            if (!option.value.empty() && (option.value == "FILE") == file)
                names.insert(names.end(), option.names.begin(), option.names.end());
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names.empty() ? std::vector<std::string>{"''"} : names;
}

/// "pull_schema|pull-schema"
std::string pattern_of(const CLI::App& command)
{
    std::vector<std::string> names = command.get_aliases();
    names.insert(names.begin(), command.get_name());
    return base::join(names, "|");
}

/// Inside single quotes and brackets of an _arguments specification.
std::string zsh_text(const std::string& description)
{
    std::string text;
    for (const char c : description) {
        if (c == '\'')
            text += "'\\''";
        else if (c == '[' || c == ']' || c == ':' || c == '\\')
            text += std::string("\\") + c;
        else
            text += c == '\n' ? ' ' : c;
    }
    return text;
}

std::string zsh_case(const CLI::App& command)
{
    std::string lines = fmt::format("  {}) _arguments", pattern_of(command));
    std::vector<std::string> parts;
    for (const CLI::App* part : commands_of(command))
        parts.push_back(part->get_name());
    if (!parts.empty())
        lines += fmt::format(" \\\n    '1::command:({})'", base::join(parts, " "));
    for (const auto& option : all_options_of(command)) {
        const std::string value = option.value.empty()     ? ""
                                  : option.value == "FILE" ? ":file:_files"
                                                           : ":" + zsh_text(option.value) + ": ";
        for (const auto& name : option.names)
            lines += fmt::format(" \\\n    '*{}[{}]{}'", name, zsh_text(option.description), value);
    }
    return lines + " ;;\n";
}

/// The commands, and the options without one.
std::vector<std::string> words_of(const CLI::App& app)
{
    std::vector<std::string> words;
    for (const CLI::App* command : commands_of(app))
        words.push_back(command->get_name());
    for (const auto& option : options_of(app))
        words.insert(words.end(), option.names.begin(), option.names.end());
    return words;
}

} // namespace

std::string bash_completion(const CLI::App& app)
{
    std::string cases;
    for (const CLI::App* command : commands_of(app))
        cases += fmt::format("    {}) options='{}' ;;\n", pattern_of(*command),
                             base::join(words_after(*command), " "));
    return fmt::format(k_bash, fmt::arg("files", base::join(taking(app, true), " | ")),
                       fmt::arg("values", base::join(taking(app, false), " | ")),
                       fmt::arg("cases", cases), fmt::arg("words", base::join(words_of(app), " ")));
}

std::string zsh_completion(const CLI::App& app)
{
    std::string cases;
    std::string described;
    for (const CLI::App* command : commands_of(app)) {
        cases += zsh_case(*command);
        described += fmt::format("{}'{}:{}'", described.empty() ? "" : " ", command->get_name(),
                                 zsh_text(command->get_description()));
    }
    return fmt::format(k_zsh, fmt::arg("commands", described), fmt::arg("cases", cases));
}

} // namespace slicetool::commands
