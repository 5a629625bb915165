#include "config/config_keys.hpp"

#include "config/values.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace slicetool::config {

namespace {

template<class T>
KeyTable<T> operator+(KeyTable<T> first, const KeyTable<T>& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

template<class T>
Key<T> text_key(const char* name, std::optional<std::string> T::*member)
{
    return {name, [member](NodeReader& reader, const YamlEntry& entry, T& into) {
                into.*member = reader.text(entry);
            }};
}

template<class T, class V, class Parse>
Key<T> value_key(const char* name, std::optional<V> T::*member, Parse parse,
                 std::string_view expected)
{
    return {name, [=](NodeReader& reader, const YamlEntry& entry, T& into) {
                reader.value(entry, into.*member, parse, expected);
            }};
}

std::optional<Zoom> zoom_of(const YamlNode& node)
{
    if (node.kind == YamlNode::Kind::scalar && node.text == "auto")
        return Zoom{};
    Zoom zoom;
    for (const auto& item : node.items) {
        const auto size = parse_integer(item->text);
        if (!size)
            return std::nullopt;
        zoom.sizes.push_back(*size);
    }
    return is_zoom(zoom.sizes) ? std::optional(zoom) : std::nullopt;
}

template<class T>
Key<T> zoom_key()
{
    return {"zoom", [](NodeReader& reader, const YamlEntry& entry, T& into) {
                into.zoom = zoom_of(*entry.value);
                if (!into.zoom)
                    reader.wrong_value(entry, k_expected_zoom);
            }};
}

const KeyTable<EndpointSettings>& transport_keys()
{
    using S = EndpointSettings;
    static const KeyTable<S> k_keys{
        value_key("ssl_mode", &S::tls_mode, parse_tls_mode, k_expected_tls_mode),
        text_key("ssl_ca", &S::ca_file),
        text_key("ssl_cert", &S::certificate_file),
        text_key("ssl_key", &S::key_file),
        value_key("connect_timeout", &S::connect_timeout, parse_timeout, k_expected_timeout),
        value_key("read_timeout", &S::read_timeout, parse_timeout, k_expected_timeout),
    };
    return k_keys;
}

const KeyTable<Options>& option_keys()
{
    static const KeyTable<Options> k_keys{
        value_key("digest", &Options::digest, parse_digest, k_expected_digest),
        zoom_key<Options>(),
        value_key("outside", &Options::outside, parse_outside, k_expected_outside),
        value_key("max_delete", &Options::max_delete, parse_max_delete, k_expected_max_delete),
        value_key("jobs", &Options::jobs, parse_jobs, k_expected_jobs),
    };
    return k_keys;
}

void read_password(NodeReader& reader, const YamlEntry& entry, EndpointSettings& into)
{
    into.password = reader.secret(entry);
}

void read_skip(NodeReader& reader, const YamlEntry& entry, TableEntry& into)
{
    std::optional<bool> skip;
    reader.value(entry, skip, parse_boolean, k_expected_boolean);
    into.skip = skip.value_or(false);
}

void read_where(NodeReader& reader, const YamlEntry& entry, TableEntry& into)
{
    into.where = reader.text(entry).value_or("");
}

void read_key(NodeReader& reader, const YamlEntry& entry, TableEntry& into)
{
    KeyChoice key;
    if (entry.value->kind == YamlNode::Kind::sequence)
        key.columns = reader.texts(entry).value_or(std::vector<std::string>());
    else if (entry.value->kind == YamlNode::Kind::scalar)
        key.index_name = reader.text(entry).value_or("");
    else
        reader.wrong_value(entry, "a unique key's name or a list of columns");
    into.key = key;
}

void read_columns(NodeReader& reader, const YamlEntry& entry, TableEntry& into)
{
    reader.mapping(*entry.value, "'columns'", column_keys(), into);
}

void read_excluded(NodeReader& reader, const YamlEntry& entry, TableEntry& into)
{
    into.excluded_columns = reader.texts(entry).value_or(std::vector<std::string>());
}

TableEntry read_table(NodeReader& reader, const YamlNode& node)
{
    TableEntry table;
    table.position = reader.position(node);
    if (node.kind == YamlNode::Kind::scalar) {
        table.name = reader.text_of(node, "A table's name").value_or("");
        return table;
    }
    if (node.kind != YamlNode::Kind::mapping) {
        reader.problem(node,
                       "An entry of 'tables' must be a table's name, or a mapping that starts "
                       "with 'table:'.");
        return table;
    }
    reader.mapping(node, "A table", table_keys(), table);
    const auto is_table = [](const YamlEntry& entry) { return entry.key->text == "table"; };
    if (std::none_of(node.entries.begin(), node.entries.end(), is_table))
        reader.problem(node, "A table must have the key 'table' with its name.");
    return table;
}

void read_tables(NodeReader& reader, const YamlEntry& entry, Job& job)
{
    if (entry.value->kind != YamlNode::Kind::sequence || entry.value->items.empty()) {
        reader.wrong_value(entry,
                           "a list of at least one table (without it, every table is meant)");
        return;
    }
    std::map<std::string, std::size_t> lines;
    for (const auto& item : entry.value->items) {
        TableEntry table = read_table(reader, *item);
        const auto [first, is_new] = lines.emplace(table.name, item->line);
        if (!is_new && !table.name.empty())
            reader.problem(*item,
                           fmt::format("Table {} is listed twice; it was first given on line {}.",
                                       in_quotes(table.name), first->second));
        job.tables.push_back(std::move(table));
    }
}

} // namespace

const KeyTable<EndpointSettings>& endpoint_keys()
{
    using S = EndpointSettings;
    static const KeyTable<S> k_keys =
        KeyTable<S>{
            text_key("host", &S::host),
            value_key("port", &S::port, parse_port, k_expected_port),
            text_key("socket", &S::socket),
            text_key("user", &S::user),
            {"password", read_password},
            text_key("password_env", &S::password_env),
            text_key("password_file", &S::password_file),
            value_key("prompt", &S::prompt, parse_boolean, k_expected_boolean),
            text_key("database", &S::database),
            value_key("protected", &S::is_protected, parse_boolean, k_expected_boolean),
        } +
        transport_keys();
    return k_keys;
}

const KeyTable<Defaults>& default_keys()
{
    static const KeyTable<Defaults> k_keys = keys_of_member(option_keys(), &Defaults::options) +
                                             keys_of_member(transport_keys(), &Defaults::endpoint);
    return k_keys;
}

const KeyTable<Job>& job_keys()
{
    static const KeyTable<Job> k_keys =
        KeyTable<Job>{
            {"from", [](NodeReader& reader, const YamlEntry& entry,
                        Job& job) { job.from = reader.text(entry).value_or(""); }},
            {"to", [](NodeReader& reader, const YamlEntry& entry,
                      Job& job) { job.to = reader.text(entry).value_or(""); }},
            {"tables", read_tables},
        } +
        keys_of_member(option_keys(), &Job::options);
    return k_keys;
}

const KeyTable<TableEntry>& table_keys()
{
    static const KeyTable<TableEntry> k_keys{
        {"table", [](NodeReader& reader, const YamlEntry& entry,
                     TableEntry& into) { into.name = reader.text(entry).value_or(""); }},
        {"skip", read_skip},
        {"where", read_where},
        value_key("outside", &TableEntry::outside, parse_outside, k_expected_outside),
        {"key", read_key},
        zoom_key<TableEntry>(),
        {"columns", read_columns},
    };
    return k_keys;
}

const KeyTable<TableEntry>& column_keys()
{
    static const KeyTable<TableEntry> k_keys{{"exclude", read_excluded}};
    return k_keys;
}

} // namespace slicetool::config
