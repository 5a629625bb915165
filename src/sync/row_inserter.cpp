#include "sync/row_inserter.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "sync/reads.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace slicetool::sync {

namespace {

/// Text of one INSERT. From 256 KiB on larger statements gain nothing measurable; memory grows with
/// it.
constexpr std::size_t k_statement_bytes = 512 * 1024;

/// What stands in a packet besides the statement: the command's byte, and what servers count in
/// (the header of a packet, and the byte that ends the text).
constexpr std::size_t k_packet_overhead = 16;

/// "the row with id=7"
std::string row_in_words(const TablePair& pair, const RowValues& values)
{
    return pair.keyless ? "a row"
                        : "the row with " + describe(pair.downstream.key, key_of(pair, values));
}

} // namespace

void refuse_cut_values(const TablePair& pair, const RowValues& values)
{
    const auto& columns = pair.upstream.encoding.columns();
    for (std::size_t at = 0; at < columns.size(); ++at) {
        if (hash::is_never_empty(columns[at].form) && values[at] && values[at]->empty())
            throw base::Refusal(fmt::format(
                "Table {}: upstream does not send the JSON of column {} in {}, since it is longer "
                "than its max_allowed_packet. Raise it there.",
                pair.upstream.name, columns[at].name, row_in_words(pair, values)));
    }
}

RowInserter::RowInserter(const TablePair& pair, db::Session& downstream)
    : m_pair(pair), m_downstream(downstream),
      m_most_bytes(downstream.server().max_allowed_packet - k_packet_overhead),
      m_statement_bytes(std::min<std::size_t>(k_statement_bytes, m_most_bytes / 2))
{
}

void RowInserter::add(const RowValues& values, const RowValues& carried)
{
    refuse_cut_values(m_pair, values);
    const bool with_carried = !carried.empty();
    m_row = "(";
    append_values(m_row, m_pair.downstream.encoding.columns(), values);
    if (with_carried) {
        m_row += ',';
        append_values(m_row, m_pair.carried, carried);
    }
    m_row += ')';
    if (m_pending > 0 && (with_carried != m_with_carried || m_text.size() > m_statement_bytes ||
                          m_text.size() + m_row.size() >= m_most_bytes))
        send();
    if (m_pending == 0) {
        m_with_carried = with_carried;
        m_text = build_insert_head(
            m_pair.downstream, with_carried ? m_pair.carried : std::vector<hash::EncodedColumn>{});
        refuse_too_large(values);
    } else {
        m_text += ',';
    }
    m_text += m_row;
    ++m_pending;
}

/// The server would break the connection off, and only then say why.
void RowInserter::refuse_too_large(const RowValues& values) const
{
    const std::size_t bytes = m_text.size() + m_row.size();
    if (bytes < m_most_bytes)
        return;
    throw base::Refusal(fmt::format(
        "Table {}: {} takes {} as a statement, more than downstream's max_allowed_packet ({}). "
        "Raise it there.",
        m_pair.downstream.name, row_in_words(m_pair, values), base::format_bytes(bytes),
        base::format_bytes(m_downstream.server().max_allowed_packet)));
}

void RowInserter::send()
{
    if (m_pending == 0)
        return;
    const auto inserted =
        m_downstream.execute("insert rows into " + m_pair.downstream.name, m_text);
    if (inserted != m_pending)
        throw m_downstream.error(
            "insert rows into " + m_pair.downstream.name,
            fmt::format("{} rows were sent, {} were inserted", m_pending, inserted));
    m_rows += m_pending;
    m_pending = 0;
    m_text.clear();
}

std::uint64_t RowInserter::finish()
{
    send();
    return m_rows;
}

} // namespace slicetool::sync
