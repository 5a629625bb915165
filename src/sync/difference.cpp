#include "sync/difference.hpp"

namespace slicetool::sync {

std::vector<KeyTuple> RangeDifference::keys() const
{
    std::vector<KeyTuple> all = missing;
    all.insert(all.end(), changed.begin(), changed.end());
    all.insert(all.end(), extra.begin(), extra.end());
    return all;
}

RangeDifference compare_by_key(const DigestsByKey& upstream, const DigestsByKey& downstream)
{
    RangeDifference difference;
    DigestsByKey wanted;
    for (const auto& [key, digest] : upstream) {
        const auto found = downstream.find(key);
        if (found != downstream.end() && found->second == digest)
            continue;
        (found == downstream.end() ? difference.missing : difference.changed).push_back(key);
        wanted.emplace(key, digest);
    }
    for (const auto& [key, digest] : downstream) {
        if (upstream.count(key) == 0)
            difference.extra.push_back(key);
    }
    difference.by_key = std::move(wanted);
    return difference;
}

} // namespace slicetool::sync
