#include "sync/reads.hpp"

#include "sync/key_chunks.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Text of one statement about many ranges; wide tables have long select lists. A single range may
/// take more.
constexpr std::size_t k_statement_bytes = 1024 * 1024;

/// Builds a statement about all ranges and runs it; in halves where its text would be too long.
/// `run` gets the text and where its ranges begin.
template<class Build, class Run>
void in_statements(const db::Session& session, const std::vector<Range>& ranges, Build build,
                   Run run, std::size_t offset = 0)
{
    const auto most =
        std::min<std::uint64_t>(k_statement_bytes, session.server().max_allowed_packet / 2);
    const std::string text = build(ranges);
    if (text.size() <= most || ranges.size() == 1) {
        run(text, offset, ranges.size());
        return;
    }
    const auto middle = ranges.begin() + static_cast<std::ptrdiff_t>(ranges.size() / 2);
    in_statements(session, {ranges.begin(), middle}, build, run, offset);
    in_statements(session, {middle, ranges.end()}, build, run, offset + ranges.size() / 2);
}

} // namespace

std::vector<hash::Fingerprint> read_fingerprints(db::Session& session, const TableSide& side,
                                                 const std::vector<Range>& ranges)
{
    std::vector<hash::Fingerprint> fingerprints(ranges.size());
    const auto build = [&](const std::vector<Range>& some) {
        return build_fingerprints(side, some);
    };
    const auto run = [&](const std::string& text, std::size_t offset, std::size_t count) {
        const std::string label = fmt::format("fingerprint {} ranges of {}", count, side.name);
        std::vector<bool> seen(count, false);
        db::Result result = session.query(label, text);
        std::size_t answers = 0;
        while (result.next()) {
            const std::size_t at = result.number(0);
            if (at >= count || seen[at])
                throw session.error(label, "the server's answer does not match the question");
            seen[at] = true;
            ++answers;
            fingerprints[offset + at] = side.fingerprint.read(result.number(1), result.number(2),
                                                              result.get(3).value_or(""));
        }
        if (answers != count)
            throw session.error(label, fmt::format("the server answered for {} of them", answers));
    };
    if (!ranges.empty())
        in_statements(session, ranges, build, run);
    return fingerprints;
}

void read_of_ranges(db::Session& session, const std::string& label,
                    const std::vector<Range>& ranges,
                    const std::function<std::string(const std::vector<Range>&)>& build,
                    const std::function<void(std::size_t, const db::Result&)>& take)
{
    const auto run = [&](const std::string& text, std::size_t offset, std::size_t count) {
        db::Result result = session.query(label, text);
        while (result.next()) {
            const std::size_t at = result.number(0);
            if (at >= count)
                throw session.error(label, "the server's answer does not match the question");
            take(offset + at, result);
        }
    };
    if (!ranges.empty())
        in_statements(session, ranges, build, run);
}

std::vector<std::vector<LeafRow>> read_leaves(db::Session& session, const TableSide& side,
                                              const std::vector<Range>& ranges)
{
    std::vector<std::vector<LeafRow>> leaves(ranges.size());
    const std::string label =
        fmt::format("list the rows of {} ranges of {}", ranges.size(), side.name);
    read_of_ranges(
        session, label, ranges,
        [&](const std::vector<Range>& some) { return build_leaves(side, some); },
        [&](std::size_t at, const db::Result& result) {
            LeafRow row{key_from(result, side, 2), result.text(1)};
            if (row.digest.size() != hash::digest_bytes(side.encoding.digest()))
                throw session.error(label, "the server sent no digest for a row");
            leaves[at].push_back(std::move(row));
        });
    return leaves;
}

DigestsByKey read_digests_of_keys(db::Session& session, const TableSide& side,
                                  const std::vector<KeyTuple>& keys)
{
    const std::string label = "look at rows of " + side.name;
    DigestsByKey digests;
    in_key_chunks(keys, [&](const std::vector<KeyTuple>& chunk) {
        db::Result result = session.query(label, build_digests_of_keys(side, chunk));
        while (result.next()) {
            std::string digest = result.text(0);
            if (digest.size() != hash::digest_bytes(side.encoding.digest()))
                throw session.error(label, "the server sent no digest for a row");
            digests[key_from(result, side, 1)] = std::move(digest);
        }
    });
    return digests;
}

DigestsByKey read_digests(db::Session& session, const TableSide& side,
                          const RangeDifference& difference)
{
    if (difference.by_key)
        return read_digests_of_keys(session, side, difference.keys());
    DigestsByKey digests;
    const auto leaves = read_leaves(session, side, {difference.range});
    for (const auto& row : leaves.at(0))
        digests.emplace(row.key, row.digest);
    return digests;
}

std::vector<KeyTuple> read_keys(db::Session& session, const TableSide& side, std::string_view label,
                                const std::string& statement)
{
    std::vector<KeyTuple> keys;
    db::Result result = session.query(label, statement);
    while (result.next())
        keys.push_back(key_from(result, side));
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

KeyTuple key_from(const db::Result& row, const TableSide& side, std::size_t first)
{
    KeyTuple key;
    key.reserve(side.key.size());
    for (std::size_t at = 0; at < side.key.size(); ++at)
        key.push_back(row.text(first + at));
    return key;
}

RowValues row_values(const db::Result& result, std::size_t first, std::size_t count)
{
    RowValues values;
    values.reserve(count);
    for (std::size_t at = 0; at < count; ++at)
        values.push_back(result.get(first + at));
    return values;
}

std::uint64_t value_bytes(const RowValues& values)
{
    std::uint64_t bytes = 0;
    for (const auto& value : values)
        bytes += value ? value->size() : 0;
    return bytes;
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
