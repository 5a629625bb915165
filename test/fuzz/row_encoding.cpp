#include "hash/row_encoding.hpp"

#include "fuzz.hpp"

#include <fuzzer/FuzzedDataProvider.h>

namespace {

using namespace slicetool;
using Values = std::vector<std::optional<std::string>>;
using Columns = std::vector<hash::EncodedColumn>;

/// Takes an encoding apart by docs/row-encoding.md, and by nothing of the encoder's code.
class Decoder
{
public:
    Decoder(const Columns& columns, std::string_view text) : m_columns(columns), m_rest(text) {}

    Values row()
    {
        Values values(m_columns.size());
        std::vector<std::optional<std::size_t>> lengths(m_columns.size());
        for (std::size_t at = 0; at < m_columns.size(); ++at) {
            if (!hash::is_string_like(m_columns[at].form))
                values[at] = field();
        }
        for (std::size_t at = 0; at < m_columns.size(); ++at) {
            if (const auto length =
                    hash::is_string_like(m_columns[at].form) ? field() : std::nullopt)
                lengths[at] = std::stoul(*length);
        }
        fuzz::require(m_ended, "the head ends behind its last field");
        m_ended = false;
        for (std::size_t at = 0; at < m_columns.size(); ++at) {
            if (lengths[at])
                values[at] = take(*lengths[at]);
        }
        return values;
    }

    bool at_end() const { return m_rest.empty(); }

private:
    std::optional<std::string> field()
    {
        fuzz::require(!m_ended, "a field for each column");
        const std::size_t end = m_rest.find_first_of(",;");
        fuzz::require(end != std::string_view::npos, "fields end");
        std::string text = take(end);
        m_ended = take(1) == ";";
        return text == "~" ? std::nullopt : std::optional(text);
    }

    std::string take(std::size_t count)
    {
        fuzz::require(count <= m_rest.size(), "bytes are there");
        std::string text(m_rest.substr(0, count));
        m_rest.remove_prefix(count);
        return text;
    }

    const Columns& m_columns;
    std::string_view m_rest;
    bool m_ended = false;
};

Columns some_columns(FuzzedDataProvider& data)
{
    Columns columns(data.ConsumeIntegralInRange<std::size_t>(1, 6));
    for (auto& column : columns) {
        column.name = "c";
        column.form = data.PickValueInArray(
            {hash::Form::plain, hash::Form::number, hash::Form::bytes, hash::Form::long_bytes,
             hash::Form::json, hash::Form::text, hash::Form::ascii});
    }
    return columns;
}

/// What a server may send for the column: numbers and times hold none of the encoding's own signs.
std::optional<std::string> some_value(FuzzedDataProvider& data, hash::Form form)
{
    if (data.ConsumeBool())
        return std::nullopt;
    std::string value = data.ConsumeRandomLengthString(40);
    if (hash::is_string_like(form))
        return value;
    for (char& c : value)
        c = "0123456789-+.: e"[static_cast<unsigned char>(c) % 16];
    return value.empty() ? "0" : value;
}

Values some_row(FuzzedDataProvider& data, const Columns& columns)
{
    Values values;
    for (const auto& column : columns)
        values.push_back(some_value(data, column.form));
    return values;
}

/// Digests stand for long values.
Values digested(const Columns& columns, Values values, hash::DigestKind digest)
{
    for (std::size_t at = 0; at < columns.size(); ++at) {
        if (values[at] && hash::is_digested(columns[at].form))
            values[at] = hash::digest_hex(digest, *values[at]);
    }
    return values;
}

} // namespace

/// The encoding is injective, also for rows one behind another: what was encoded can be read back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    FuzzedDataProvider data(bytes, size);
    const Columns columns = some_columns(data);
    const auto digest = data.PickValueInArray({hash::DigestKind::md5, hash::DigestKind::sha256});
    const hash::RowEncoding encoding(columns, digest);
    std::vector<Values> rows;
    std::string text;
    for (std::size_t count = data.ConsumeIntegralInRange<std::size_t>(1, 3); count > 0; --count) {
        rows.push_back(some_row(data, columns));
        std::string alone;
        encoding.encode(rows.back(), alone);
        text += alone;
    }
    Decoder decoder(columns, text);
    for (const Values& row : rows)
        fuzz::require(decoder.row() == digested(columns, row, digest), "a row reads back as it was",
                      text);
    fuzz::require(decoder.at_end(), "nothing is left over", text);
    return 0;
}
