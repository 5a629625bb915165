#include "config/config_keys.hpp"

#include "config/follow.hpp"
#include "config/key_makers.hpp"
#include "config/step_keys.hpp"
#include "config/text_file.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>

namespace slicetool::config {

namespace {

const KeyTable<EndpointSettings>& transport_keys()
{
    using S = EndpointSettings;
    static const KeyTable<S> k_keys{
        value_key("ssl_mode", &S::tls_mode, parse_tls_mode, k_expected_tls_mode),
        path_key("ssl_ca", &S::ca_file),
        path_key("ssl_cert", &S::certificate_file),
        path_key("ssl_key", &S::key_file),
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
        value_key("undo", &Options::undo, parse_boolean, k_expected_boolean),
        path_key("undo_dir", &Options::undo_dir),
        value_key("undo_max_size", &Options::undo_max_size, parse_size, k_expected_size),
        value_key("undo_when_full", &Options::undo_when_full, parse_when_full,
                  k_expected_when_full),
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

void read_mask(NodeReader& reader, const YamlEntry& entry, TableEntry& into)
{
    reader.entries(*entry.value, "'mask'", [&](const YamlEntry& column) {
        MaskEntry mask;
        mask.position = NodeReader::position(*column.value);
        if (column.value->kind != YamlNode::Kind::null) {
            mask.text = reader.text(column);
            if (!mask.text)
                return;
        }
        into.masks.emplace(column.key->text, std::move(mask));
    });
}

TableEntry read_table(NodeReader& reader, const YamlNode& node)
{
    TableEntry table;
    table.position = NodeReader::position(node);
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
    std::map<std::string, const YamlNode*> seen;
    for (const auto& item : entry.value->items) {
        TableEntry table = read_table(reader, *item);
        const auto [first, is_new] = seen.emplace(table.name, item.get());
        if (!is_new && !table.name.empty())
            reader.problem(*item,
                           fmt::format("Table {} is listed twice; it was first given {}.",
                                       in_quotes(table.name), place_of(*first->second, *item)));
        job.tables.push_back(std::move(table));
    }
}

void read_parents(NodeReader& reader, const YamlEntry& entry, Job& job)
{
    std::optional<bool> pull;
    reader.value(entry, pull, parse_parents, k_expected_parents);
    job.follow.pull_parents = pull.value_or(false);
}

} // namespace

std::string placed_beside(const std::string& path, const YamlNode& node)
{
    const std::string folder = std::filesystem::path(*node.file).parent_path().string();
    return place_path(path, folder, home_folder());
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

KeyChoice read_key_choice(NodeReader& reader, const YamlEntry& entry)
{
    KeyChoice key;
    if (entry.value->kind == YamlNode::Kind::sequence)
        key.columns = reader.texts(entry).value_or(std::vector<std::string>());
    else if (entry.value->kind == YamlNode::Kind::scalar)
        key.index_name = reader.text(entry).value_or("");
    else
        reader.wrong_value(entry, "a unique key's name or a list of columns");
    return key;
}

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
            path_key("password_file", &S::password_file),
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
            text_key("from", &Job::from),
            text_key("to", &Job::to),
            known_key<Job>("vars"), // replaced before the job is read
            {"tables", read_tables},
            {"follow", [](NodeReader& reader, const YamlEntry& entry,
                          Job& job) { read_follow(reader, entry, job.follow); }},
            {"parents", read_parents},
        } +
        keys_of_member(option_keys(), &Job::options);
    return k_keys;
}

const KeyTable<TableEntry>& table_keys()
{
    static const KeyTable<TableEntry> k_keys{
        text_key("table", &TableEntry::name),
        {"skip", read_skip},
        text_key("where", &TableEntry::where),
        value_key("outside", &TableEntry::outside, parse_outside, k_expected_outside),
        key_choice_key<TableEntry>(),
        zoom_key<TableEntry>(),
        columns_key(&TableEntry::excluded_columns),
        {"mask", read_mask},
        {"steps", [](NodeReader& reader, const YamlEntry& entry,
                     TableEntry& into) { into.steps = read_steps(reader, entry); }},
    };
    return k_keys;
}

const KeyTable<std::vector<std::string>>& column_keys()
{
    using Names = std::vector<std::string>;
    static const KeyTable<Names> k_keys{
        {"exclude", [](NodeReader& reader, const YamlEntry& entry, Names& into) {
             into = reader.texts(entry).value_or(Names());
         }}};
    return k_keys;
}

} // namespace slicetool::config
