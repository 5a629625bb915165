#include "hash/row_encoding.hpp"

#include <gmock/gmock.h>
#include <map>
#include <random>

namespace slicetool::hash {
namespace {

using namespace std::string_literals;
using Values = std::vector<std::optional<std::string>>;
constexpr std::nullopt_t k_null = std::nullopt;

/// One column of every form, and both kinds of nullability.
std::vector<EncodedColumn> every_form()
{
    return {{"id", Form::plain, false, 20},          {"b`q", Form::bytes, false, 40},
            {"amount", Form::exact_real, true, 400}, {"kind", Form::number, true, 20},
            {"label", Form::text, true, 30},         {"address", Form::ascii, true, 45},
            {"body", Form::long_bytes, true, 64},    {"doc", Form::json, false, 64},
            {"note", Form::bytes, true, 255},        {"seen", Form::plain, true, 26}};
}

std::string encoded(const RowEncoding& encoding, const Values& values)
{
    std::string text;
    encoding.encode(values, text);
    return text;
}

RowEncoding strings(std::size_t count)
{
    std::vector<EncodedColumn> columns;
    for (std::size_t at = 0; at < count; ++at)
        columns.push_back({"s" + std::to_string(at), Form::bytes, true, 100});
    return {columns, DigestKind::md5};
}

RowEncoding numbers(std::size_t count)
{
    std::vector<EncodedColumn> columns;
    for (std::size_t at = 0; at < count; ++at)
        columns.push_back({"n" + std::to_string(at), Form::plain, true, 20});
    return {columns, DigestKind::md5};
}

TEST(RowEncodingSql, SpellsOutEveryForm)
{
    const std::string parts =
        "CONCAT_WS(',', `id`, IFNULL(CAST(CONCAT(`amount`) AS CHAR(48) CHARACTER SET latin1), "
        "'~'), "
        "IFNULL(CAST(`kind` AS UNSIGNED), '~'), IFNULL(CAST(`address` AS CHAR CHARACTER SET "
        "utf8mb4), '~'), IFNULL(`seen`, '~'), "
        "LENGTH(`b``q`), "
        "IFNULL(LENGTH(CAST(CONVERT(`label` USING utf8mb4) AS BINARY)), '~'), "
        "IFNULL(IF(`body` IS NULL, NULL, 32), '~'), 32, IFNULL(LENGTH(`note`), '~')), "
        "CAST(';' AS BINARY), `b``q`, "
        "IFNULL(CAST(CONVERT(`label` USING utf8mb4) AS BINARY), ''), "
        "IFNULL(IF(`body` IS NULL, NULL, IFNULL(MD5(`body`), CONCAT(UUID()))), ''), "
        "REPLACE(IFNULL(MD5(CONVERT(`doc` USING utf8mb4)), CONCAT(UUID())), "
        "'d41d8cd98f00b204e9800998ecf8427e', CONCAT(UUID())), "
        "IFNULL(`note`, '')";
    const RowEncoding encoding(every_form(), DigestKind::md5);
    EXPECT_EQ(encoding.row_parts_sql(), parts);
    EXPECT_EQ(encoding.row_sql(), "CONCAT(" + parts + ")");
    EXPECT_EQ(encoding.row_digest_sql(), "UNHEX(MD5(CONCAT(" + parts + ")))");
}

TEST(RowEncodingSql, UsesTheLongerDigestThroughout)
{
    const RowEncoding encoding(
        {{"id", Form::plain, false, 20}, {"body", Form::long_bytes, true, 64}}, DigestKind::sha256);
    EXPECT_EQ(encoding.row_sql(),
              "CONCAT(CONCAT_WS(',', `id`, IFNULL(IF(`body` IS NULL, NULL, "
              "64), '~')), CAST(';' AS BINARY), "
              "IFNULL(IF(`body` IS NULL, NULL, IFNULL(SHA2(`body`, 256), CONCAT(UUID()))), ''))");
    EXPECT_THAT(encoding.row_digest_sql(), testing::StartsWith("UNHEX(SHA2(CONCAT("));
    EXPECT_THAT(encoding.row_digest_sql(), testing::EndsWith(", 256))"));
}

TEST(RowEncodingSql, ReadsWhatItEncodes)
{
    EXPECT_THAT(RowEncoding(every_form(), DigestKind::md5).select_list(),
                testing::ElementsAre(
                    "`id`", "`b``q`", "CAST(CONCAT(`amount`) AS CHAR(48) CHARACTER SET latin1)",
                    "CAST(`kind` AS UNSIGNED)", "CAST(CONVERT(`label` USING utf8mb4) AS BINARY)",
                    "CAST(`address` AS CHAR CHARACTER SET utf8mb4)", "`body`",
                    "CONVERT(`doc` USING utf8mb4)", "`note`", "`seen`"));
}

/// Some functions yield NULL for a value longer than a packet, and MySQL an empty JSON: neither
/// equals anything. An empty text that is no JSON is a value like any other.
TEST(RowEncodingSql, MakesValuesThatTheServerDoesNotGiveUnequal)
{
    const auto sql = [](Form form) {
        return RowEncoding({{"c", form, false, 64}}, DigestKind::md5).row_sql();
    };
    const std::string of_nothing = "'d41d8cd98f00b204e9800998ecf8427e'";
    EXPECT_THAT(sql(Form::long_bytes), testing::HasSubstr("IFNULL(MD5(`c`), CONCAT(UUID()))"));
    EXPECT_THAT(sql(Form::long_text), testing::Not(testing::HasSubstr(of_nothing)));
    EXPECT_THAT(sql(Form::json), testing::HasSubstr(of_nothing + ", CONCAT(UUID()))"));
}

TEST(RowEncodingSql, SumsTheLengthsOfWhatVariesWithoutBound)
{
    EXPECT_EQ(RowEncoding(every_form(), DigestKind::md5).varying_bytes_sql(),
              "LENGTH(`b``q`) + IFNULL(LENGTH(CAST(CONVERT(`label` USING utf8mb4) AS BINARY)), 0) "
              "+ IFNULL(LENGTH(`note`), 0)");
    EXPECT_EQ(numbers(2).varying_bytes_sql(), "0");
}

TEST(RowEncodingBounds, AddUpToTheLongestRow)
{
    const RowEncoding encoding(every_form(), DigestKind::md5);
    // `;`, five plain values with their commas, five lengths of at most eight bytes, two digests.
    EXPECT_EQ(encoding.fixed_bytes(), 1U + (21 + 401 + 21 + 46 + 27) + 5 * 8 + 2 * 64);
    EXPECT_EQ(encoding.longest_row(), encoding.fixed_bytes() + 40 + 30 + 255);
}

TEST(RowEncodingText, WritesEveryForm)
{
    const RowEncoding encoding(every_form(), DigestKind::md5);
    EXPECT_EQ(
        encoded(encoding, {"1", "ab", "0.1", "3", "x,y", "::1", "abc", "[1]", "", "2020-01-01"}),
        "1,0.1,3,::1,2020-01-01,2,3,32,32,0;abx,y900150983cd24fb0d6963f7d28e17f72"
        "35dba5d75538a9bbe0b4da4422759a0e");
    EXPECT_EQ(
        encoded(encoding, {"-1", "", k_null, k_null, k_null, k_null, k_null, "1", k_null, k_null}),
        "-1,~,~,~,~,0,~,~,32,~;c4ca4238a0b923820dcc509a6f75849b");
}

TEST(RowEncodingText, TellsNullFromTextThatLooksLikeIt)
{
    EXPECT_EQ(encoded(strings(1), {k_null}), "~;");
    EXPECT_EQ(encoded(strings(1), {""}), "0;");
    EXPECT_EQ(encoded(strings(1), {"~"}), "1;~");
    EXPECT_EQ(encoded(strings(1), {"NULL"}), "4;NULL");
}

TEST(RowEncodingText, LetsStringsHoldItsOwnPunctuation)
{
    EXPECT_EQ(encoded(strings(2), {",", ";"}), "1,1;,;");
    EXPECT_EQ(encoded(strings(2), {"a#", "b"}), "2,1;a#b");
    EXPECT_EQ(encoded(strings(2), {"a", "#b"}), "1,2;a#b");
    EXPECT_EQ(encoded(strings(2), {"\0\xff"s, "1;x"}), "2,3;\0\xff"s + "1;x");
}

TEST(RowEncodingText, HasOnlyStringsOrOnlyNumbers)
{
    EXPECT_EQ(encoded(strings(3), {"abc", k_null, ""}), "3,~,0;abc");
    EXPECT_EQ(encoded(numbers(3), {"1", k_null, "-2.50"}), "1,~,-2.50;");
    EXPECT_EQ(encoded(numbers(1), {k_null}), "~;");
}

TEST(RowEncodingText, CarriesLongValuesAsTheirDigest)
{
    const RowEncoding md5({{"b", Form::long_bytes, true, 64}}, DigestKind::md5);
    const RowEncoding sha256({{"b", Form::long_text, true, 64}}, DigestKind::sha256);
    const std::string million(1'000'000, 'a');
    EXPECT_EQ(encoded(md5, {million}), "32;7707d6ae4e027c70eea2a935c2296f21");
    EXPECT_EQ(encoded(sha256, {million}),
              "64;cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    EXPECT_EQ(encoded(md5, {""}), "32;d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(encoded(md5, {k_null}), "~;");
}

TEST(RowEncodingText, CarriesLongVarcharsAsTheyAre)
{
    const std::string text(65535, ',');
    EXPECT_EQ(encoded(strings(1), {text}), "65535;" + text);
}

TEST(RowEncodingText, AppendsToWhatIsThere)
{
    std::string text = "2;";
    strings(1).encode({"x"}, text);
    numbers(1).encode({"7"}, text);
    EXPECT_EQ(text, "2;1;x7;");
}

/// Values that try to look like something else.
class HostileRows
{
public:
    explicit HostileRows(unsigned seed) : m_random(seed) {}

    std::size_t below(std::size_t bound)
    {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(m_random);
    }

    Values row(const RowEncoding& encoding)
    {
        Values values;
        for (const auto& column : encoding.columns()) {
            if (column.nullable && below(4) == 0)
                values.emplace_back(std::nullopt);
            else
                values.emplace_back(is_string_like(column.form) ? text(",;~01289\0\\'"s, 0, 5)
                                                                : text("0123-.: "s, 1, 3));
        }
        return values;
    }

private:
    std::string text(const std::string& alphabet, std::size_t shortest, std::size_t longest)
    {
        std::string result(shortest + below(longest - shortest + 1), ' ');
        for (char& c : result)
            c = alphabet[below(alphabet.size())];
        return result;
    }

    std::mt19937 m_random;
};

std::vector<RowEncoding> encodings_of_many_shapes()
{
    std::vector<RowEncoding> all{strings(1), strings(2), strings(4), numbers(1), numbers(3)};
    all.emplace_back(std::vector<EncodedColumn>{{"n", Form::plain, true, 20},
                                                {"s", Form::bytes, true, 9},
                                                {"m", Form::plain, true, 20},
                                                {"t", Form::text, true, 9}},
                     DigestKind::md5);
    all.emplace_back(std::vector<EncodedColumn>{{"s", Form::bytes, false, 9},
                                                {"l", Form::long_bytes, true, 64},
                                                {"a", Form::ascii, true, 45}},
                     DigestKind::sha256);
    return all;
}

TEST(RowEncodingIsInjective, DifferentRowsHaveDifferentTexts)
{
    HostileRows hostile(20240601);
    for (const auto& encoding : encodings_of_many_shapes()) {
        std::map<std::string, Values> seen;
        for (int round = 0; round < 30'000; ++round) {
            const Values row = hostile.row(encoding);
            const auto [at, fresh] = seen.emplace(encoded(encoding, row), row);
            ASSERT_TRUE(fresh || at->second == row) << at->first;
        }
    }
}

TEST(RowEncodingIsInjective, DifferentListsOfRowsHaveDifferentTexts)
{
    HostileRows hostile(7);
    for (const auto& encoding : encodings_of_many_shapes()) {
        std::map<std::string, std::vector<Values>> seen;
        for (int round = 0; round < 20'000; ++round) {
            std::vector<Values> rows(hostile.below(4));
            std::string text;
            for (auto& row : rows) {
                row = hostile.row(encoding);
                encoding.encode(row, text);
            }
            const auto [at, fresh] = seen.emplace(text, rows);
            ASSERT_TRUE(fresh || at->second == rows) << at->first;
        }
    }
}

/// Reads a list of rows back from its encoding: the proof that nothing was lost. Digests stand for
/// long values.
std::vector<Values> decoded(const RowEncoding& encoding, const std::string& text)
{
    std::vector<Values> rows;
    for (std::size_t at = 0; at < text.size();) {
        std::vector<std::string> head(1);
        for (; text.at(at) != ';'; ++at) {
            if (text[at] == ',')
                head.emplace_back();
            else
                head.back() += text[at];
        }
        ++at;
        Values row(encoding.columns().size());
        std::size_t field = 0;
        for (const bool string_like : {false, true}) {
            for (std::size_t column = 0; column < row.size(); ++column) {
                if (is_string_like(encoding.columns()[column].form) != string_like)
                    continue;
                const std::string& part = head.at(field++);
                if (part == "~")
                    continue;
                row[column] = string_like ? text.substr(at, std::stoul(part)) : part;
                at += string_like ? std::stoul(part) : 0;
            }
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

TEST(RowEncodingIsInjective, RowsCanBeReadBackFromTheirText)
{
    HostileRows hostile(99);
    for (const auto& encoding : encodings_of_many_shapes()) {
        for (int round = 0; round < 2000; ++round) {
            std::vector<Values> rows(hostile.below(5));
            std::string text;
            for (auto& row : rows) {
                row = hostile.row(encoding);
                encoding.encode(row, text);
                for (std::size_t at = 0; at < row.size(); ++at) {
                    if (row[at] && is_digested(encoding.columns()[at].form))
                        row[at] = digest_hex(encoding.digest(), *row[at]);
                }
            }
            ASSERT_EQ(decoded(encoding, text), rows) << text;
        }
    }
}

} // namespace
} // namespace slicetool::hash
