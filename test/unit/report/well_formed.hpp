#pragma once

#include "report/utf8.hpp"

#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace slicetool::report::test {

/// A small reader of XML, as strict as the parts that a report uses need: elements nest, attributes
/// are quoted and not repeated, `<` and `&` are escaped, every character is one that XML allows. It
/// knows one declaration (DOCTYPE), no comments and no other sections.
class XmlReader
{
public:
    explicit XmlReader(std::string_view text) : m_text(text) {}

    /// What is wrong and where, or nothing.
    std::string fault()
    {
        if (!is_utf8(m_text))
            return "not UTF-8";
        if (m_text.starts_with("<!DOCTYPE html>"))
            m_at = 15;
        while (m_fault.empty() && m_at < m_text.size())
            m_text[m_at] == '<' ? tag() : character();
        if (m_fault.empty() && !m_open.empty())
            fail("<" + m_open.back() + "> is never closed");
        if (m_fault.empty() && m_roots != 1)
            fail("there is not one root");
        return m_fault;
    }

private:
    void fail(const std::string& what)
    {
        m_fault =
            what + " at byte " + std::to_string(m_at) + ": " + std::string(m_text.substr(m_at, 60));
    }

    void character()
    {
        const CodePoint point = decode_at(m_text, m_at);
        const char32_t c = point.value;
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0xFFFE || c == 0xFFFF)
            return fail("a character that XML does not allow");
        if (m_open.empty() && std::isspace(m_text[m_at]) == 0)
            return fail("text outside of the root");
        if (c == '&')
            return reference();
        m_at += point.bytes;
    }

    void reference()
    {
        for (const std::string_view known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
            if (m_text.substr(m_at).starts_with(known)) {
                m_at += known.size();
                return;
            }
        }
        fail("a bare &");
    }

    std::string name()
    {
        const std::size_t from = m_at;
        while (m_at < m_text.size() &&
               (std::isalnum(m_text[m_at]) != 0 || m_text[m_at] == '-' || m_text[m_at] == ':'))
            ++m_at;
        return std::string(m_text.substr(from, m_at - from));
    }

    bool take(std::string_view expected)
    {
        if (!m_text.substr(m_at).starts_with(expected))
            return false;
        m_at += expected.size();
        return true;
    }

    void tag()
    {
        if (take("</")) {
            const std::string closed = name();
            if (m_open.empty() || m_open.back() != closed || !take(">"))
                return fail("</" + closed + "> closes nothing");
            m_open.pop_back();
            return;
        }
        take("<");
        const std::string opened = name();
        if (opened.empty())
            return fail("a bare <");
        m_roots += m_open.empty() ? 1 : 0;
        attributes();
        if (!m_fault.empty() || take(" />"))
            return;
        if (!take(">"))
            return fail("<" + opened + "> does not end");
        m_open.push_back(opened);
    }

    void attributes()
    {
        std::set<std::string> seen;
        while (m_fault.empty() && m_at + 1 < m_text.size() && m_text[m_at] == ' ' &&
               m_text[m_at + 1] != '/') {
            ++m_at;
            if (!seen.insert(name()).second || !take("=\""))
                return fail("a broken attribute");
            while (m_fault.empty() && m_at < m_text.size() && m_text[m_at] != '"') {
                if (m_text[m_at] == '<')
                    return fail("a < in an attribute");
                character_of_attribute();
            }
            take("\"");
        }
    }

    void character_of_attribute()
    {
        m_open.emplace_back("attribute"); // text is allowed here
        character();
        m_open.pop_back();
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<std::string> m_open;
    int m_roots = 0;
    std::string m_fault;
};

inline std::string first_fault(std::string_view text)
{
    return XmlReader(text).fault();
}

} // namespace slicetool::report::test
