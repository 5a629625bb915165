#include "db/result.hpp"

#include "db/connect.hpp"
#include "db/session_impl.hpp"

#include <charconv>
#include <chrono>
#include <cppconn/resultset_metadata.h>
#include <fmt/format.h>
#include <mysql.h>
#include <spdlog/spdlog.h>

namespace slicetool::db {

namespace {

/// Reading so many rows to their end is cheaper than a connection that ends the statement.
constexpr unsigned k_rows_worth_reading = 10'000;

} // namespace

Result::Result(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Result::Result(Result&&) noexcept = default;
Result& Result::operator=(Result&&) noexcept = default;

Result::~Result()
{
    if (!m_impl)
        return;
    const auto until = std::chrono::steady_clock::now() + m_impl->endpoint.read_timeout;
    m_impl->rows_left = UINT64_MAX;
    unsigned rows = 0;
    try {
        for (; !m_impl->finished; ++rows) {
            if (rows == k_rows_worth_reading)
                end_statement();
            if (std::chrono::steady_clock::now() > until)
                hang_up(m_impl->wire);
            next();
        }
    } catch (const std::exception& failure) {
        // The next statement of this session will say it again, as an error.
        spdlog::debug("while dropping the rest of a result: {}", failure.what());
    }
    if (rows >= k_rows_worth_reading)
        forget_end();
}

/// On a bare connection: a session's opening reads results itself, and a hostile server's may have
/// no end either.
void Result::end_statement() const
{
    if (m_impl->connection_id == 0)
        return;
    try {
        const Opened other = connect(m_impl->endpoint, Role::reader);
        const std::unique_ptr<::sql::Statement> kill(other.connection->createStatement());
        kill->execute(fmt::format("KILL QUERY {}", m_impl->connection_id));
    } catch (const std::exception& failure) {
        spdlog::debug("{} The rows are read to their end.", failure.what());
    }
}

/// When the statement had ended before it was killed, the server may end the next one instead.
void Result::forget_end()
{
    try {
        m_impl->rows.reset();
        m_impl->statement->execute("DO 0");
    } catch (const ::sql::SQLException& failure) {
        spdlog::debug("{}", failure.what());
    }
}

bool Result::next()
{
    if (m_impl->finished)
        return false;
    try {
        if (m_impl->rows->next()) {
            if (m_impl->rows_left-- == 0)
                throw statement_error(m_impl->endpoint, m_impl->label, 0, "",
                                      "the server's answer does not end");
            return true;
        }
        m_impl->finished = true;
    } catch (const ::sql::SQLException& failure) {
        m_impl->finished = true;
        const int number = failure.getErrorCode();
        throw statement_error(m_impl->endpoint, m_impl->label, number, failure.getSQLStateCStr(),
                              told_message(number, failure.what(), m_impl->server_words));
    }
    // The connector throws when the connection was lost, and takes any other error in the midst of
    // the rows for their end.
    if (const auto number = static_cast<int>(mysql_errno(m_impl->wire)); number != 0)
        throw statement_error(
            m_impl->endpoint, m_impl->label, number, mysql_sqlstate(m_impl->wire),
            told_message(number, mysql_error(m_impl->wire), m_impl->server_words));
    return false;
}

void Result::limit(std::uint64_t rows)
{
    m_impl->rows_left = rows;
}

std::size_t Result::columns() const
{
    return m_impl->columns;
}

std::string Result::name(std::size_t column) const
{
    try {
        return m_impl->rows->getMetaData()
            ->getColumnLabel(static_cast<std::uint32_t>(column + 1))
            .asStdString();
    } catch (const ::sql::SQLException& failure) {
        throw statement_error(m_impl->endpoint, m_impl->label, failure);
    }
}

std::optional<std::string> Result::get(std::size_t column) const
{
    if (column >= m_impl->columns)
        throw statement_error(m_impl->endpoint, m_impl->label, 0, "",
                              "the server's answer has too few columns");
    try {
        const auto position = static_cast<std::uint32_t>(column + 1);
        if (m_impl->rows->isNull(position))
            return std::nullopt;
        return m_impl->rows->getString(position).asStdString();
    } catch (const ::sql::SQLException& failure) {
        throw statement_error(m_impl->endpoint, m_impl->label, failure);
    }
}

std::string Result::text(std::size_t column) const
{
    auto value = get(column);
    if (!value)
        throw statement_error(m_impl->endpoint, m_impl->label, 0, "",
                              "the server sent NULL where a value was expected");
    return *std::move(value);
}

std::uint64_t Result::number(std::size_t column) const
{
    const std::string digits = text(column);
    std::uint64_t value = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem != std::errc() || end != digits.data() + digits.size())
        throw statement_error(m_impl->endpoint, m_impl->label, 0, "",
                              "the server sent \"" + digits + "\" where a number was expected");
    return value;
}

} // namespace slicetool::db
