#include "sync/recheck.hpp"

#include "sync/key_chunks.hpp"
#include "sync/reads.hpp"
#include "sync/same_server.hpp"

#include <algorithm>
#include <chrono>

namespace slicetool::sync {

namespace {

constexpr std::chrono::seconds k_first_pause{1};

void append(std::vector<KeyTuple>& all, const std::vector<KeyTuple>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

/// Sorts a row of a second look into what is missing, extra or changed; equal rows into nothing.
void classify(const KeyTuple& key, const DigestsByKey& up, const DigestsByKey& down,
              RangeDifference& into)
{
    const auto above = up.find(key);
    const auto below = down.find(key);
    if (above == up.end() && below == down.end())
        return;
    if (below == down.end())
        into.missing.push_back(key);
    else if (above == up.end())
        into.extra.push_back(key);
    else if (above->second != below->second)
        into.changed.push_back(key);
}

} // namespace

Recheck::Recheck(const TablePair& pair, const db::Session& upstream, const db::Session& downstream,
                 const base::StopToken& stop)
    : m_pair(pair), m_stop(stop),
      m_sessions(open_beside(upstream, db::Role::reader), open_beside(downstream, db::Role::reader),
                 db::Role::reader)
{
    if (!pair.masked.empty())
        m_sessions.upstream().set_server_words(db::ServerWords::left_out);
}

RangeDifference Recheck::look(const RangeDifference& before)
{
    m_sessions.upstream().execute("begin a consistent snapshot",
                                  "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    RangeDifference after;
    in_key_chunks(before.keys(), [&](const std::vector<KeyTuple>& chunk) {
        m_stop.throw_if_stopped();
        const auto [up, down] = m_sessions.both(
            [&](db::Session& session) {
                return read_digests_of_keys(session, m_pair.upstream, chunk);
            },
            [&](db::Session& session) {
                return read_digests_of_keys(session, m_pair.downstream, chunk);
            });
        for (const auto& key : chunk)
            classify(key, up, down, after);
    });
    return after;
}

Rechecked Recheck::run(const std::vector<RangeDifference>& differences, unsigned looks)
{
    Rechecked result;
    for (const auto& difference : differences) {
        append(result.remaining.missing, difference.missing);
        append(result.remaining.extra, difference.extra);
        append(result.remaining.changed, difference.changed);
    }
    std::chrono::seconds pause = k_first_pause;
    for (unsigned at = 0; at < looks; ++at, pause *= 2) {
        m_stop.wait_for(pause);
        m_stop.throw_if_stopped();
        const std::size_t before = result.remaining.keys().size();
        result.remaining = look(result.remaining);
        const std::size_t after = result.remaining.keys().size();
        result.in_flight += before - after;
        if (after == 0 || after == before)
            break;
    }
    return result;
}

} // namespace slicetool::sync
