#include "cli/page.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace slicetool::test {

namespace {

constexpr std::string_view k_fence = "```";

std::string text_of(const std::string& path)
{
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("There is no page " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Whether a block that begins with this line must say what a test does with it.
bool needs_comment(const std::string& line)
{
    const std::string language = line.substr(k_fence.size());
    return language == "sh" || language == "bash" || language == "yaml";
}

/// Long names make the program break lines elsewhere than in the page.
std::string on_one_line(const std::string& text)
{
    return std::regex_replace(text, std::regex("\\s+"), " ");
}

void put(const std::string& path, const std::string& text)
{
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                           std::filesystem::perms::owner_write);
}

} // namespace

Page::Page(const std::string& path) : m_path(path)
{
    parse(text_of((std::filesystem::path(SLICETOOL_DOCS) / path).string()));
    std::filesystem::create_directory(folder());
    std::filesystem::create_directory(m_folder.path() + "/home");
    std::filesystem::create_directory(m_folder.path() + "/bin");
    std::filesystem::create_symlink(slicetool_words({})[0], m_folder.path() + "/bin/slicetool");
}

void Page::fail(std::size_t line, const std::string& what) const
{
    throw std::runtime_error(m_path + ":" + std::to_string(line) + ": " + what);
}

void Page::parse(const std::string& text)
{
    static const std::regex k_comment("<!-- test: (.*) -->");
    std::istringstream lines(text);
    std::string line;
    std::string comment;
    bool inside = false;
    bool kept = false;
    std::smatch found;
    for (std::size_t number = 1; std::getline(lines, line); ++number) {
        if (inside && line == k_fence) {
            inside = false;
        } else if (inside) {
            if (kept)
                m_blocks.back().text += line + "\n";
        } else if (line.starts_with(k_fence)) {
            inside = true;
            kept = !comment.empty();
            if (!kept && needs_comment(line))
                fail(number, "no comment says what a test does with this block.");
            if (kept) {
                m_blocks.emplace_back().line = number + 1;
                understand(comment, m_blocks.back());
            }
            comment.clear();
        } else if (!comment.empty()) {
            fail(number, "a comment for a test stands right above a block.");
        } else if (std::regex_match(line, found, k_comment)) {
            comment = found[1];
        } else if (line.find("<!-- test") != std::string::npos) {
            fail(number, "this comment for a test is not understood.");
        }
    }
    if (inside || !comment.empty())
        fail(1, "the last block does not end.");
}

void Page::understand(const std::string& comment, Block& block) const
{
    static const std::regex k_word("(run|skip|(status|name|file|shows)=(\"[^\"]*\"|[^ \"]+))( |$)");
    auto at = comment.cbegin();
    std::smatch found;
    for (; at != comment.cend(); at = found[0].second) {
        if (!std::regex_search(at, comment.cend(), found, k_word,
                               std::regex_constants::match_continuous))
            fail(block.line - 2, "not understood: " + std::string(at, comment.cend()));
        std::string value = found[3];
        if (value.starts_with('"'))
            value = value.substr(1, value.size() - 2);
        if (found[1] == "run")
            block.kind = Block::Kind::script;
        else if (found[2] == "status")
            block.status = std::stoi(value);
        else if (found[2] == "shows")
            block.shows.push_back(value);
        else if (found[2] == "name" || found[2] == "file")
            block.name = value;
        if (found[2] == "file")
            block.kind = Block::Kind::file;
    }
}

void Page::replace(const std::string& written, const std::string& meant)
{
    bool seen = false;
    const auto put_in = [&](std::string& text) {
        for (std::size_t at = 0; (at = text.find(written, at)) != std::string::npos;) {
            text.replace(at, written.size(), meant);
            at += meant.size();
            seen = true;
        }
    };
    for (auto& block : m_blocks) {
        put_in(block.text);
        for (auto& text : block.shows)
            put_in(text);
    }
    if (!seen)
        fail(1, "no block says " + written);
}

void Page::before(const std::string& name, std::function<void()> event)
{
    const auto is_named = [&](const Block& block) { return block.name == name; };
    if (std::none_of(m_blocks.begin(), m_blocks.end(), is_named))
        fail(1, "no block is named " + name);
    m_events[name] = std::move(event);
}

void Page::write_home(const std::string& name, const std::string& text) const
{
    put(m_folder.path() + "/home/" + name, text);
}

std::string Page::run(const Block& block) const
{
    if (block.kind == Block::Kind::skipped)
        return "";
    if (block.kind == Block::Kind::file) {
        put(folder() + "/" + block.name, block.text);
        return "";
    }
    if (const auto event = m_events.find(block.name); event != m_events.end())
        event->second();
    const char* path = std::getenv("PATH");
    const Ended ended =
        Process(
            {"bash", "-euo", "pipefail", "-c", "cd -- \"$0\"; eval \"$1\"", folder(), block.text},
            {{"HOME", m_folder.path() + "/home"},
             {"XDG_STATE_HOME", m_folder.path() + "/home/.local/state"},
             {"PATH", m_folder.path() + "/bin:" + (path == nullptr ? "" : path)}})
            .wait();
    std::string wrong;
    if (ended.status != block.status)
        wrong =
            "ended with " + std::to_string(ended.status) + ", not " + std::to_string(block.status);
    const std::string printed = on_one_line(ended.out + ended.err);
    for (const auto& text : block.shows) {
        if (printed.find(on_one_line(text)) == std::string::npos)
            wrong += (wrong.empty() ? "does not show " : "; does not show ") + text;
    }
    if (wrong.empty())
        return "";
    return m_path + ":" + std::to_string(block.line) + ": " + wrong + "\n" + block.text +
           "--- it printed:\n" + ended.out + "--- and on standard error:\n" + ended.err;
}

std::string Page::run() const
{
    for (const auto& block : m_blocks) {
        if (const std::string wrong = run(block); !wrong.empty())
            return wrong;
    }
    return "";
}

std::string Page::run(const std::string& name) const
{
    bool seen = false;
    for (const auto& block : m_blocks) {
        if (block.name != name)
            continue;
        seen = true;
        if (const std::string wrong = run(block); !wrong.empty())
            return wrong;
    }
    if (!seen)
        fail(1, "no block is named " + name);
    return "";
}

} // namespace slicetool::test
