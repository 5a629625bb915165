#include "sql/translate.hpp"

#include <array>
#include <utility>

namespace slicetool::sql {

namespace {

/// Languages whose tailoring has a name on either side: MySQL's in utf8mb4_<tag>_0900_…, MariaDB's
/// in …_uca1400_<language>_….
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> k_languages = {{
    {"cs", "czech"},     {"da", "danish"},        {"de_pb", "german2"}, {"eo", "esperanto"},
    {"es", "spanish"},   {"es_trad", "spanish2"}, {"et", "estonian"},   {"hr", "croatian"},
    {"hu", "hungarian"}, {"is", "icelandic"},     {"la", "roman"},      {"lt", "lithuanian"},
    {"lv", "latvian"},   {"pl", "polish"},        {"ro", "romanian"},   {"sk", "slovak"},
    {"sl", "slovenian"}, {"sv", "swedish"},       {"tr", "turkish"},    {"vi", "vietnamese"},
}};

bool ends_with(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string without(std::string text, std::string_view part)
{
    const auto at = text.find(part);
    if (at != std::string::npos)
        text.erase(at, part.size());
    return text;
}

std::string charset_of(const std::string& collation)
{
    return collation.substr(0, collation.find('_'));
}

/// "utf8_general_ci" for "utf8mb3_general_ci" and the other way round: two names of one thing.
std::string other_spelling(const std::string& collation)
{
    if (collation.compare(0, 8, "utf8mb3_") == 0)
        return "utf8_" + collation.substr(8);
    return collation.compare(0, 5, "utf8_") == 0 ? "utf8mb3_" + collation.substr(5) : collation;
}

/// "_ai_ci", "_as_ci", "_as_cs"; what a name says of accents and case.
std::string sensitivity(const std::string& collation)
{
    for (const char* tail : {"_as_cs", "_as_ci", "_ai_cs", "_ai_ci"}) {
        if (collation.find(tail) != std::string::npos)
            return tail;
    }
    return ends_with(collation, "_bin") ? "_bin" : "_ai_ci";
}

/// MySQL's UCA 9.0.0 collations never pad: MariaDB's NOPAD variants of UCA 14.0.0 are closest.
std::vector<std::string> for_0900(const std::string& collation)
{
    if (ends_with(collation, "_0900_bin"))
        return {"utf8mb4_nopad_bin", "utf8mb4_bin"};
    const std::string tail = sensitivity(collation);
    std::vector<std::string> candidates;
    for (const auto& [tag, language] : k_languages) {
        if (collation.find("utf8mb4_" + std::string(tag) + "_0900") == 0)
            candidates.push_back("utf8mb4_uca1400_" + std::string(language) + "_nopad" + tail);
    }
    candidates.push_back("utf8mb4_uca1400_nopad" + tail);
    if (tail == "_as_cs")
        candidates.emplace_back("utf8mb4_nopad_bin");
    candidates.emplace_back("utf8mb4_unicode_520_nopad_ci");
    candidates.emplace_back("utf8mb4_unicode_520_ci");
    return candidates;
}

std::vector<std::string> for_uca1400(const std::string& collation)
{
    const std::string charset = charset_of(collation);
    const std::string tail = sensitivity(collation);
    const bool pads = collation.find("_nopad_") == std::string::npos;
    std::vector<std::string> candidates;
    for (const auto& [tag, language] : k_languages) {
        if (collation.find("_uca1400_" + std::string(language) + "_") != std::string::npos)
            candidates.push_back(charset + "_" + std::string(tag) + "_0900" + tail);
    }
    // An _ai_ci key that pads calls 'a' and 'a ' one value; so does unicode_520.
    if (pads && tail == "_ai_ci")
        candidates.push_back(charset + "_unicode_520_ci");
    candidates.push_back(charset + "_0900" + tail);
    if (tail == "_as_cs")
        candidates.push_back(charset + "_bin");
    candidates.push_back(charset + "_unicode_520_ci");
    candidates.push_back(charset + "_unicode_ci");
    return candidates;
}

std::vector<std::string> candidates_for(const std::string& collation)
{
    std::vector<std::string> candidates = {collation, other_spelling(collation)};
    const auto add = [&](const std::vector<std::string>& more) {
        candidates.insert(candidates.end(), more.begin(), more.end());
    };
    if (collation.find("_0900_") != std::string::npos)
        add(for_0900(collation));
    if (collation.find("_uca1400_") != std::string::npos)
        add(for_uca1400(collation));
    if (collation.find("_nopad_") != std::string::npos)
        candidates.push_back(without(collation, "_nopad"));
    const std::string charset = charset_of(collation);
    if (ends_with(collation, "_bin") || ends_with(collation, "_cs"))
        candidates.push_back(charset + "_bin");
    add({charset + "_unicode_ci", charset + "_general_ci", charset + "_bin"});
    return candidates;
}

} // namespace

std::optional<std::string> nearest_collation(const std::string& collation, const Target& target)
{
    for (const auto& candidate : candidates_for(collation)) {
        if (target.collations.count(candidate) != 0)
            return candidate;
    }
    // Character sets with national collations only (tis620_thai_ci): whatever there is.
    const std::string prefix = charset_of(collation) + "_";
    const auto first = target.collations.lower_bound(prefix);
    if (first != target.collations.end() && first->compare(0, prefix.size(), prefix) == 0)
        return *first;
    return std::nullopt;
}

} // namespace slicetool::sql
