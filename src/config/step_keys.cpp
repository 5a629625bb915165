#include "config/step_keys.hpp"

#include "config/key_makers.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::config {

namespace {

/// More would be a program, not a list of steps.
constexpr std::size_t k_max_steps = 100;

enum class Names { refused, allowed };

bool has_key(const YamlNode& mapping, std::string_view key)
{
    return std::any_of(mapping.entries.begin(), mapping.entries.end(),
                       [&](const YamlEntry& entry) { return entry.key->text == key; });
}

/// A kind whose options are the keys of `table`; without any when it needs no `query`.
Key<Step> kind_with_options(const char* name, StepKind kind, const KeyTable<Step>& table)
{
    const bool needs_query = std::any_of(table.begin(), table.end(),
                                         [](const auto& key) { return key.name == "query"; });
    return {name, [=, &table](NodeReader& reader, const YamlEntry& entry, Step& step) {
                step.kind = kind;
                const YamlNode& options = *entry.value;
                if (options.kind == YamlNode::Kind::null && !needs_query)
                    return;
                const bool is_mapping = options.kind == YamlNode::Kind::mapping;
                if (is_mapping || !needs_query)
                    reader.mapping(options, in_quotes(name), table, step);
                if (needs_query && !(is_mapping && has_key(options, "query")))
                    reader.problem(options,
                                   fmt::format("The step '{}' needs a query that upstream answers: "
                                               "{}: {{query: SELECT …}}.",
                                               name, name));
            }};
}

Key<Step> kind_without_options(const char* name, StepKind kind)
{
    return {name, [=](NodeReader& reader, const YamlEntry& entry, Step& step) {
                step.kind = kind;
                if (entry.value->kind != YamlNode::Kind::null)
                    reader.problem(*entry.value,
                                   fmt::format("The step '{}' has no options.", name));
            }};
}

void read_sql(NodeReader& reader, const YamlEntry& entry, Step& step)
{
    step.kind = StepKind::sql;
    const YamlNode& value = *entry.value;
    if (value.kind == YamlNode::Kind::scalar) {
        if (const auto text = reader.text(entry))
            step.statements.push_back(*text);
        return;
    }
    if (value.kind != YamlNode::Kind::sequence || value.items.empty())
        return reader.wrong_value(entry, "a statement or a list of statements");
    for (const auto& item : value.items) {
        if (const auto text = reader.text_of(*item, "A statement in 'sql'"))
            step.statements.push_back(*text);
    }
}

const Key<Step>* find_kind(const std::string& name)
{
    const auto& kinds = step_keys();
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const Key<Step>& kind) { return kind.name == name; });
    return found == kinds.end() ? nullptr : &*found;
}

/// A kind without options: `- lite`.
Step read_bare_kind(NodeReader& reader, const YamlPtr& node, const Key<Step>& kind)
{
    Step step;
    step.position = NodeReader::position(*node);
    auto nothing = std::make_shared<YamlNode>();
    nothing->file = node->file;
    nothing->line = node->line;
    nothing->column = node->column;
    kind.read(reader, {node, nothing}, step);
    return step;
}

void add_named(NodeReader& reader, const YamlPtr& node, Names names, std::vector<Step>& steps)
{
    const auto& named = reader.named_steps();
    const YamlPtr found =
        names == Names::allowed && named.find ? named.find(node->text) : YamlPtr();
    if (!found) {
        std::vector<std::string> candidates = key_names(step_keys());
        if (names == Names::allowed)
            candidates.insert(candidates.end(), named.names.begin(), named.names.end());
        return reader.problem(*node, fmt::format("There is no step {}{}", in_quotes(node->text),
                                                 suggestion(node->text, candidates)));
    }
    const auto more = read_named_steps(reader, found);
    steps.insert(steps.end(), more.begin(), more.end());
}

void add_step(NodeReader& reader, const YamlPtr& node, Names names, std::vector<Step>& steps)
{
    if (node->kind == YamlNode::Kind::scalar) {
        if (const auto* kind = find_kind(node->text))
            steps.push_back(read_bare_kind(reader, node, *kind));
        else
            add_named(reader, node, names, steps);
        return;
    }
    if (node->kind != YamlNode::Kind::mapping || node->entries.size() != 1)
        return reader.wrong_value(*node, "A step",
                                  "a kind such as 'lite', or a mapping from one kind to its "
                                  "options");
    Step step;
    step.position = NodeReader::position(*node);
    reader.mapping(*node, "A step", step_keys(), step);
    steps.push_back(std::move(step));
}

} // namespace

const KeyTable<Step>& sync_keys()
{
    static const KeyTable<Step> k_keys{
        text_key("where", &Step::where),
        value_key("outside", &Step::outside, parse_outside, k_expected_outside),
        key_choice_key<Step>(),
        zoom_key<Step>(),
        columns_key(&Step::excluded_columns),
    };
    return k_keys;
}

const KeyTable<Step>& lite_keys()
{
    static const KeyTable<Step> k_keys{
        text_key("column", &Step::column),
        value_key("overlap", &Step::overlap, parse_timeout, k_expected_timeout),
        text_key("where", &Step::where),
        key_choice_key<Step>(),
        columns_key(&Step::excluded_columns),
    };
    return k_keys;
}

const KeyTable<Step>& keys_keys()
{
    static const KeyTable<Step> k_keys{
        text_key("query", &Step::query),
        value_key("others", &Step::others, parse_outside, k_expected_outside),
        key_choice_key<Step>(),
        columns_key(&Step::excluded_columns),
    };
    return k_keys;
}

const KeyTable<Step>& replace_keys()
{
    static const KeyTable<Step> k_keys{
        text_key("query", &Step::query),
    };
    return k_keys;
}

const KeyTable<Step>& step_keys()
{
    static const KeyTable<Step> k_keys{
        kind_with_options("sync", StepKind::sync, sync_keys()),
        kind_with_options("lite", StepKind::lite, lite_keys()),
        kind_with_options("keys", StepKind::keys, keys_keys()),
        kind_with_options("replace", StepKind::replace, replace_keys()),
        kind_without_options("clear", StepKind::clear),
        {"sql", read_sql},
        kind_without_options("skip", StepKind::skip),
    };
    return k_keys;
}

std::vector<Step> read_named_steps(NodeReader& reader, const YamlPtr& node)
{
    std::vector<Step> steps;
    if (node->kind != YamlNode::Kind::sequence)
        add_step(reader, node, Names::refused, steps);
    for (const auto& item : node->items)
        add_step(reader, item, Names::refused, steps);
    return steps;
}

std::vector<Step> read_steps(NodeReader& reader, const YamlEntry& entry)
{
    std::vector<Step> steps;
    if (entry.value->kind != YamlNode::Kind::sequence || entry.value->items.empty()) {
        reader.wrong_value(entry, "a list of at least one step");
        return steps;
    }
    for (const auto& item : entry.value->items)
        add_step(reader, item, Names::allowed, steps);
    const bool skips = std::any_of(steps.begin(), steps.end(),
                                   [](const Step& step) { return step.kind == StepKind::skip; });
    if (skips && steps.size() > 1)
        reader.problem(*entry.value, "A table with the step 'skip' has no other steps.");
    if (steps.size() > k_max_steps)
        reader.problem(*entry.value, fmt::format("A table has at most {} steps.", k_max_steps));
    return steps;
}

} // namespace slicetool::config
