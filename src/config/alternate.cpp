#include "config/alternate.hpp"

#include "config/key_makers.hpp"

#include <algorithm>

namespace slicetool::config {

namespace {

void read_databases(NodeReader& reader, const YamlEntry& entry, Alternate& into)
{
    const auto names = reader.texts(entry);
    if (names && names->size() != 2)
        return reader.wrong_value(entry, "a list of two databases");
    into.databases = names.value_or(std::vector<std::string>());
}

} // namespace

const KeyTable<Alternate>& alternate_keys()
{
    static const KeyTable<Alternate> k_keys{
        {"databases", read_databases},
        text_key("views", &Alternate::views),
        path_key("file", &Alternate::file),
    };
    return k_keys;
}

void read_alternate(NodeReader& reader, const YamlEntry& entry, std::optional<Alternate>& into)
{
    Alternate alternate;
    alternate.position = NodeReader::position(*entry.key);
    reader.mapping(*entry.value, "'alternate'", alternate_keys(), alternate);
    const auto says = [&](const char* key) {
        const auto& entries = entry.value->entries;
        return std::any_of(entries.begin(), entries.end(),
                           [&](const YamlEntry& e) { return e.key->text == key; });
    };
    if (entry.value->kind == YamlNode::Kind::mapping) {
        if (!says("databases"))
            reader.problem(*entry.key, "'alternate' has no 'databases'; it names two of them.");
        if (says("views") == says("file"))
            reader.problem(*entry.key,
                           "'alternate' needs either 'views' or 'file', where it is written down "
                           "which database is in use.");
    }
    if (alternate.views && std::find(alternate.databases.begin(), alternate.databases.end(),
                                     *alternate.views) != alternate.databases.end())
        reader.problem(*entry.key, "The 'views' of 'alternate' stand in a database of their own, "
                                   "in neither of its 'databases'.");
    into = std::move(alternate);
}

} // namespace slicetool::config
