#include "base/text.hpp"
#include "commands/described_options.hpp"
#include "commands/generate.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>

namespace slicetool::commands {

namespace {

/// {cases}: a line for each command; {files}, {values}: patterns of options; {commands}: their
/// names; {general}: the options without a command.
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
{cases}    *) options='{commands} {general}' ;;
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

std::vector<std::string> names_of(const std::vector<DescribedOption>& options)
{
    std::vector<std::string> names;
    for (const auto& option : options)
        names.insert(names.end(), option.names.begin(), option.names.end());
    return names;
}

/// The names of all options, of any command, whose value is or is not a file.
std::vector<std::string> taking(const CLI::App& app, bool file)
{
    std::vector<std::string> names;
    for (const CLI::App* command : commands_of(app)) {
        for (const auto& option : options_of(*command)) {
            if (!option.value.empty() && (option.value == "FILE") == file)
                names.insert(names.end(), option.names.begin(), option.names.end());
        }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names.empty() ? std::vector<std::string>{"''"} : names;
}

std::vector<std::string> command_names(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const CLI::App* command : commands_of(app))
        names.push_back(command->get_name());
    return names;
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
    for (const auto& option : options_of(command)) {
        const std::string value = option.value.empty()     ? ""
                                  : option.value == "FILE" ? ":file:_files"
                                                           : ":" + zsh_text(option.value) + ": ";
        for (const auto& name : option.names)
            lines += fmt::format(" \\\n    '*{}[{}]{}'", name, zsh_text(option.description), value);
    }
    return lines + " ;;\n";
}

} // namespace

std::string bash_completion(const CLI::App& app)
{
    std::string cases;
    for (const CLI::App* command : commands_of(app))
        cases += fmt::format("    {}) options='{}' ;;\n", pattern_of(*command),
                             base::join(names_of(options_of(*command)), " "));
    return fmt::format(k_bash, fmt::arg("files", base::join(taking(app, true), " | ")),
                       fmt::arg("values", base::join(taking(app, false), " | ")),
                       fmt::arg("cases", cases),
                       fmt::arg("commands", base::join(command_names(app), " ")),
                       fmt::arg("general", base::join(names_of(options_of(app)), " ")));
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
