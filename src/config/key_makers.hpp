#pragma once

#include "config/job.hpp"
#include "config/node_reader.hpp"
#include "config/values.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Keys for the usual kinds of members, for the tables in config_keys.cpp and step_keys.cpp.
namespace slicetool::config {

/// `path` with "~/" replaced and, when relative, put below the folder of the node's file.
std::string placed_beside(const std::string& path, const YamlNode& node);

template<class T>
KeyTable<T> operator+(KeyTable<T> first, const KeyTable<T>& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// Non-empty text, into a std::string or an optional one.
template<class T, class Text>
Key<T> text_key(const char* name, Text T::*member)
{
    return {name, [member](NodeReader& reader, const YamlEntry& entry, T& into) {
                if (auto text = reader.text(entry))
                    into.*member = std::move(*text);
            }};
}

/// A path; a relative one is meant from the folder of the file that says it.
template<class T>
Key<T> path_key(const char* name, std::optional<std::string> T::*member)
{
    return {name, [member](NodeReader& reader, const YamlEntry& entry, T& into) {
                if (const auto path = reader.text(entry))
                    into.*member = placed_beside(*path, *entry.key);
            }};
}

/// A word or number that `parse` understands; `expected` completes "must be …".
template<class T, class V, class Parse>
Key<T> value_key(const char* name, std::optional<V> T::*member, Parse parse,
                 std::string_view expected)
{
    return {name, [=](NodeReader& reader, const YamlEntry& entry, T& into) {
                reader.value(entry, into.*member, parse, expected);
            }};
}

/// A key that was read before, or elsewhere.
template<class T>
Key<T> known_key(const char* name)
{
    return {name, [](NodeReader&, const YamlEntry&, T&) {}};
}

/// "auto", or a list of sizes.
std::optional<Zoom> zoom_of(const YamlNode& node);

template<class T>
Key<T> zoom_key()
{
    return {"zoom", [](NodeReader& reader, const YamlEntry& entry, T& into) {
                into.zoom = zoom_of(*entry.value);
                if (!into.zoom)
                    reader.wrong_value(entry, k_expected_zoom);
            }};
}

/// A unique key's name, or a list of columns.
KeyChoice read_key_choice(NodeReader& reader, const YamlEntry& entry);

template<class T>
Key<T> key_choice_key()
{
    return {"key", [](NodeReader& reader, const YamlEntry& entry, T& into) {
                into.key = read_key_choice(reader, entry);
            }};
}

/// The keys of `columns`.
const KeyTable<std::vector<std::string>>& column_keys();

/// `columns`, whose only key is `exclude` as yet.
template<class T, class Names>
Key<T> columns_key(Names T::*excluded)
{
    return {"columns", [excluded](NodeReader& reader, const YamlEntry& entry, T& into) {
                std::vector<std::string> names;
                reader.mapping(*entry.value, "'columns'", column_keys(), names);
                into.*excluded = std::move(names);
            }};
}

} // namespace slicetool::config
