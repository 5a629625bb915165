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

} // namespace

RowInserter::RowInserter(const TablePair& pair, db::Session& downstream)
    : m_pair(pair), m_downstream(downstream),
      m_statement_bytes(
          std::min<std::size_t>(k_statement_bytes, downstream.server().max_allowed_packet / 2))
{
}

void RowInserter::add(const RowValues& values, const RowValues& carried)
{
    const bool with_carried = !carried.empty();
    if (m_pending > 0 && (with_carried != m_with_carried || m_text.size() > m_statement_bytes))
        send();
    if (m_pending == 0) {
        m_with_carried = with_carried;
        m_text = build_insert_head(
            m_pair.downstream, with_carried ? m_pair.carried : std::vector<hash::EncodedColumn>{});
    }
    const std::size_t before = m_text.size();
    m_text += m_pending == 0 ? "(" : ",(";
    append_values(m_text, m_pair.downstream.encoding.columns(), values);
    if (with_carried) {
        m_text += ',';
        append_values(m_text, m_pair.carried, carried);
    }
    m_text += ')';
    ++m_pending;
    if (m_text.size() - before >= m_downstream.server().max_allowed_packet)
        throw base::Refusal(fmt::format(
            "Table {}: {} takes {} as a statement, more than downstream's max_allowed_packet ({}). "
            "Raise it there.",
            m_pair.downstream.name,
            m_pair.keyless
                ? "a row"
                : "the row with " + describe(m_pair.downstream.key, key_of(m_pair, values)),
            base::format_bytes(m_text.size() - before),
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
