#include "config/follow.hpp"

#include <fmt/format.h>

namespace slicetool::config {

namespace {

/// Reads an edge from left to right. Each function returns whether its part was there.
class EdgeReader
{
public:
    explicit EdgeReader(std::string_view text) : m_rest(text) {}

    bool columns_of(std::string& table, std::vector<std::string>& columns)
    {
        if (!name(table))
            return false;
        if (sign("."))
            return name(columns.emplace_back());
        if (!sign("("))
            return false;
        do {
            if (!name(columns.emplace_back()))
                return false;
        } while (sign(","));
        return sign(")");
    }

    bool sign(std::string_view wanted)
    {
        skip_blanks();
        if (!m_rest.starts_with(wanted))
            return false;
        m_rest.remove_prefix(wanted.size());
        return true;
    }

    bool at_end()
    {
        skip_blanks();
        return m_rest.empty();
    }

private:
    void skip_blanks()
    {
        while (m_rest.starts_with(' ') || m_rest.starts_with('\n'))
            m_rest.remove_prefix(1);
    }

    bool name(std::string& into)
    {
        skip_blanks();
        return m_rest.starts_with('`') ? quoted_name(into) : plain_name(into);
    }

    bool quoted_name(std::string& into)
    {
        for (m_rest.remove_prefix(1); !m_rest.empty(); m_rest.remove_prefix(1)) {
            if (m_rest.starts_with("``"))
                m_rest.remove_prefix(1);
            else if (m_rest.front() == '`') {
                m_rest.remove_prefix(1);
                return !into.empty();
            }
            into += m_rest.front();
        }
        return false;
    }

    bool plain_name(std::string& into)
    {
        std::size_t size = 0;
        while (size < m_rest.size() && is_plain(m_rest[size]) &&
               !m_rest.substr(size).starts_with("->"))
            ++size;
        into = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return !into.empty();
    }

    static bool is_plain(char c)
    {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '$' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
    }

    std::string_view m_rest;
};

void read_item(NodeReader& reader, const YamlNode& node, Follow& into)
{
    const auto text = reader.text_of(node, "An entry of 'follow'");
    if (!text)
        return;
    if (*text == "auto") {
        into.automatic = true;
        return;
    }
    auto edge = parse_follow_edge(*text);
    if (!edge)
        return reader.wrong_value(node, "An entry of 'follow'",
                                  "'auto', or a reference such as 'orders.customer_id -> "
                                  "customers.id' or 'a(x, y) -> b(x, y)'");
    edge->position = NodeReader::position(node);
    into.edges.push_back(std::move(*edge));
}

} // namespace

std::optional<FollowEdge> parse_follow_edge(std::string_view text)
{
    FollowEdge edge;
    EdgeReader reader(text);
    const bool complete = reader.columns_of(edge.child, edge.child_columns) && reader.sign("->") &&
                          reader.columns_of(edge.parent, edge.parent_columns) && reader.at_end();
    if (!complete || edge.child_columns.size() != edge.parent_columns.size())
        return std::nullopt;
    return edge;
}

void read_follow(NodeReader& reader, const YamlEntry& entry, Follow& into)
{
    if (entry.value->kind == YamlNode::Kind::scalar)
        return read_item(reader, *entry.value, into);
    if (entry.value->kind != YamlNode::Kind::sequence || entry.value->items.empty())
        return reader.wrong_value(entry, "'auto' or a list of references");
    for (const auto& item : entry.value->items)
        read_item(reader, *item, into);
}

} // namespace slicetool::config
