#include "sync/reads.hpp"

#include <fmt/format.h>

namespace slicetool::sync {

namespace {

KeyTuple key_from(const db::Result& result, std::size_t first, std::size_t count)
{
    KeyTuple key;
    key.reserve(count);
    for (std::size_t at = 0; at < count; ++at)
        key.push_back(result.text(first + at));
    return key;
}

} // namespace

std::vector<hash::Fingerprint> read_fingerprints(db::Session& session, const TableSide& side,
                                                 const std::vector<Range>& ranges)
{
    const std::string label = fmt::format("fingerprint {} ranges of {}", ranges.size(), side.name);
    std::vector<hash::Fingerprint> fingerprints(ranges.size());
    std::vector<bool> seen(ranges.size(), false);
    db::Result result = session.query(label, build_fingerprints(side, ranges));
    std::size_t answers = 0;
    while (result.next()) {
        const std::size_t at = result.number(0);
        if (at >= ranges.size() || seen[at])
            throw session.error(label, "the server's answer does not match the question");
        seen[at] = true;
        ++answers;
        fingerprints[at] =
            side.fingerprint.read(result.number(1), result.number(2), result.get(3).value_or(""));
    }
    if (answers != ranges.size())
        throw session.error(label, fmt::format("the server answered for {} of them", answers));
    return fingerprints;
}

std::vector<std::vector<LeafRow>> read_leaves(db::Session& session, const TableSide& side,
                                              const std::vector<Range>& ranges)
{
    const std::string label =
        fmt::format("list the rows of {} ranges of {}", ranges.size(), side.name);
    std::vector<std::vector<LeafRow>> leaves(ranges.size());
    db::Result result = session.query(label, build_leaves(side, ranges));
    while (result.next()) {
        const std::size_t at = result.number(0);
        if (at >= ranges.size())
            throw session.error(label, "the server's answer does not match the question");
        LeafRow row{key_from(result, 2, side.key.size()), result.text(1)};
        if (row.digest.size() != hash::digest_bytes(side.encoding.digest()))
            throw session.error(label, "the server sent no digest for a row");
        leaves[at].push_back(std::move(row));
    }
    return leaves;
}

std::vector<KeyTuple> read_keys(db::Session& session, const TableSide& side, std::string_view label,
                                const std::string& statement)
{
    std::vector<KeyTuple> keys;
    db::Result result = session.query(label, statement);
    while (result.next())
        keys.push_back(key_from(result, 0, side.key.size()));
    return keys;
}

std::optional<KeyTuple> read_key(db::Session& session, const TableSide& side,
                                 std::string_view label, const std::string& statement)
{
    auto keys = read_keys(session, side, label, statement);
    if (keys.empty())
        return std::nullopt;
    return std::move(keys.front());
}

RowValues row_values(const db::Result& result, std::size_t first, std::size_t count)
{
    RowValues values;
    values.reserve(count);
    for (std::size_t at = 0; at < count; ++at)
        values.push_back(result.get(first + at));
    return values;
}

KeyTuple key_of(const TablePair& pair, const RowValues& values)
{
    KeyTuple key;
    for (const std::size_t at : pair.key_positions)
        key.push_back(values[at].value_or(""));
    return key;
}

std::string row_digest(const hash::RowEncoding& encoding, const RowValues& values)
{
    std::string text;
    encoding.encode(values, text);
    hash::Digest digest(encoding.digest());
    digest.update(text);
    return digest.finish();
}

} // namespace slicetool::sync
