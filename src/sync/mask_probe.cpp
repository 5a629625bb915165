#include "sync/mask_probe.hpp"

#include "base/error.hpp"
#include "sql/quote.hpp"
#include "sync/mask_key.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

std::string probe(const std::string& name, const std::string& table, const std::string& source)
{
    return fmt::format("/* slicetool table={} mask */ SELECT 1 FROM {} WHERE {} IS NULL LIMIT 0",
                       sql::comment_text(name), table, source);
}

} // namespace

std::string build_mask_probe(const sql::Table& upstream, const std::string& source_sql)
{
    return probe(upstream.name, upstream.qualified_name(), source_sql);
}

std::string build_mask_probe(const TableSide& upstream, const MaskedColumn& masked)
{
    return probe(upstream.name, upstream.table,
                 upstream.encoding.columns()[masked.position].source());
}

void refuse_bad_masks(db::Session& upstream, const TablePair& pair)
{
    for (const MaskedColumn& masked : pair.masked) {
        const Mask& mask = *find_mask(pair.choices.masks, masked.name);
        try {
            upstream.set_server_words(db::ServerWords::repeated);
            upstream.query(fmt::format("try the mask of {}", masked.name),
                           build_mask_probe(pair.upstream, masked));
            upstream.set_server_words(db::ServerWords::left_out);
        } catch (const db::Error& failure) {
            upstream.set_server_words(db::ServerWords::left_out);
            if (failure.retryable() || failure.number() == db::k_no_such_table)
                throw;
            throw base::Refusal(fmt::format("Table {}: {} cannot be evaluated upstream: {} (error "
                                            "{}).",
                                            pair.upstream.name, describe(mask),
                                            failure.server_message(), failure.number()));
        }
    }
}

void require_mask_key(const base::Endpoint& upstream, const std::string& table,
                      const std::vector<Mask>& masks)
{
    for (const Mask& mask : masks) {
        if (needs_key(mask) && !has_mask_key(upstream))
            throw base::UsageError(fmt::format(
                "Table {}: {} needs a key, of {} bytes at least, in the environment variable that "
                "mask_key_env names (SLICETOOL_MASK_KEY, if it names none).",
                table, describe(mask), k_shortest_mask_key));
    }
}

MaskedReading::MaskedReading(std::vector<SessionPair>& workers, const std::vector<Mask>& masks)
    : m_workers(workers)
{
    if (!masks.empty())
        set(db::ServerWords::left_out);
}

MaskedReading::~MaskedReading()
{
    set(db::ServerWords::repeated);
}

void MaskedReading::set(db::ServerWords words)
{
    for (auto& worker : m_workers)
        worker.upstream().set_server_words(words);
}

} // namespace slicetool::sync
