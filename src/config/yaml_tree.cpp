#include "config/yaml_tree.hpp"

#include "base/error.hpp"
#include "config/position.hpp"
#include "config/text_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace slicetool::config {

namespace {

/// The format needs six levels. yaml-cpp parses by recursion, so this also bounds its stack.
constexpr std::size_t k_max_depth = 32;

[[noreturn]] void fail(const std::string& file, std::size_t line, std::size_t column,
                       std::string_view sentence)
{
    throw base::UsageError(fmt::format("{}: {}", Position{file, line, column}.text(), sentence));
}

/// Builds the tree from the parser's events. A document that breaks a limit ends the parse at once.
class TreeBuilder : public YAML::EventHandler
{
public:
    explicit TreeBuilder(const std::string& file)
        : m_file(file), m_shared_file(std::make_shared<const std::string>(file))
    {
    }

    YamlPtr take_root() { return std::move(m_root); }

    void OnDocumentStart(const YAML::Mark& mark) override
    {
        if (m_documents++ > 0)
            fail_at(mark, "A second document starts here; a config file is one document.");
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        auto node = new_node(mark, YamlNode::Kind::null);
        if (!m_open.empty() &&
            m_open.back().key) { // an empty value's mark is that of what follows it
            node->line = m_open.back().key->line;
            node->column = m_open.back().key->column;
        }
        attach(finish(std::move(node), anchor), mark);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        refuse_tag(mark, tag);
        auto node = new_node(mark, YamlNode::Kind::scalar);
        node->text = value;
        attach(finish(std::move(node), anchor), mark);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
            fail_at(mark, "This alias stands inside its own anchor.");
        attach(found->second, mark);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override
    {
        open(mark, tag, anchor, YamlNode::Kind::sequence);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override
    {
        open(mark, tag, anchor, YamlNode::Kind::mapping);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open
    {
        std::shared_ptr<YamlNode> node;
        YAML::anchor_t anchor;
        YamlPtr key; ///< of the entry whose value comes next
        YAML::Mark mark;
    };

    std::shared_ptr<YamlNode> new_node(const YAML::Mark& mark, YamlNode::Kind kind) const
    {
        auto node = std::make_shared<YamlNode>();
        node->kind = kind;
        node->file = m_shared_file;
        node->line = static_cast<std::size_t>(mark.line + 1);
        node->column = static_cast<std::size_t>(mark.column + 1);
        return node;
    }

    [[noreturn]] void fail_at(const YAML::Mark& mark, std::string_view sentence) const
    {
        fail(m_file, static_cast<std::size_t>(mark.line + 1),
             static_cast<std::size_t>(mark.column + 1), sentence);
    }

    /// yaml-cpp gives "?" to plain nodes and "!" to quoted ones.
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) const
    {
        if (!tag.empty() && tag != "?" && tag != "!")
            fail_at(mark, "YAML tags ('!…') have no meaning in a config file; remove it.");
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              YamlNode::Kind kind)
    {
        refuse_tag(mark, tag);
        if (m_open.size() >= k_max_depth)
            fail_at(mark, fmt::format("The file is nested more than {} levels deep.", k_max_depth));
        m_open.push_back({new_node(mark, kind), anchor, nullptr, mark});
    }

    void close()
    {
        Open done = std::move(m_open.back());
        m_open.pop_back();
        attach(finish(std::move(done.node), done.anchor), done.mark);
    }

    YamlPtr finish(std::shared_ptr<YamlNode> node, YAML::anchor_t anchor)
    {
        if (anchor != YAML::NullAnchor)
            m_anchors[anchor] = node;
        return node;
    }

    void attach(const YamlPtr& node, const YAML::Mark& mark)
    {
        if (m_open.empty()) {
            m_root = node;
            return;
        }
        Open& parent = m_open.back();
        grow(*parent.node, *node, mark);
        if (parent.node->kind == YamlNode::Kind::sequence)
            parent.node->items.push_back(node);
        else if (!parent.key)
            parent.key = node;
        else
            parent.node->entries.push_back({std::exchange(parent.key, nullptr), node});
    }

    void grow(YamlNode& parent, const YamlNode& child, const YAML::Mark& mark)
    {
        parent.weight += child.weight;
        parent.height = std::max(parent.height, child.height + 1);
        if (m_open.size() + child.height > k_max_depth)
            fail_at(mark,
                    fmt::format("With aliases followed, the file is nested more than {} levels "
                                "deep.",
                                k_max_depth));
        if (parent.weight > k_max_nodes)
            fail_at(mark, fmt::format("With aliases followed, the file has more than {} values.",
                                      k_max_nodes));
    }

    const std::string& m_file;
    std::shared_ptr<const std::string> m_shared_file;
    std::size_t m_documents = 0;
    std::vector<Open> m_open;
    std::map<YAML::anchor_t, YamlPtr> m_anchors;
    YamlPtr m_root;
};

void check_bytes(const std::string& text, const std::string& file)
{
    if (text.size() > k_max_config_bytes)
        fail(file, 1, 1, fmt::format("The file is larger than {} MiB.", k_max_config_bytes >> 20));
    const auto offset = find_unclean_byte(text);
    if (!offset)
        return;
    const std::string_view before(text.data(), *offset);
    const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    const std::size_t line_start = before.rfind('\n') + 1; // npos + 1 is 0
    fail(file, line, *offset - line_start + 1,
         fmt::format("Byte 0x{:02X} is not part of UTF-8 text; save the file as UTF-8.",
                     static_cast<unsigned char>(text[*offset])));
}

/// yaml-cpp 0.7 takes a quote that is never closed for closed when the file ends in a new line.
std::string without_trailing_space(const std::string& text)
{
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1); // npos + 1 is 0
}

std::string explain(std::string message)
{
    if (message == "illegal EOF in scalar")
        return "a quote is opened and never closed";
    // The end of the file is a control character to it, and quoted as such.
    std::replace_if(
        message.begin(), message.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return message;
}

} // namespace

YamlPtr parse_yaml(const std::string& text, const std::string& file_name)
{
    check_bytes(text, file_name);
    TreeBuilder builder(file_name);
    try {
        std::istringstream stream(without_trailing_space(text));
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        const auto at = [](int mark) { return static_cast<std::size_t>(std::max(mark, 0) + 1); };
        fail(file_name, at(error.mark.line), at(error.mark.column),
             fmt::format("This is not valid YAML: {}.", explain(error.msg)));
    }
    return builder.take_root();
}

} // namespace slicetool::config
