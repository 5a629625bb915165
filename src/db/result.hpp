#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace slicetool::db {

/// More rows than any catalogue of a server has, of those that are kept in memory.
inline constexpr std::uint64_t k_most_kept_rows = 4'000'000;

/// The rows of a query, read forward, one at a time, from the wire. Move-only. The Session must
/// outlive it.
class Result
{
public:
    struct Impl;
    explicit Result(std::unique_ptr<Impl> impl);
    Result(Result&&) noexcept;
    Result& operator=(Result&&) noexcept;
    /// Drops what is left of the rows, so that the session can go on. Many rows are not read for
    /// that: the server is told, on a second connection, to end the statement. Rows that do not
    /// end within the endpoint's read_timeout are given up together with the connection.
    ~Result();

    /// Steps to the next row. False after the last row, and only then: a stream that breaks throws
    /// Error.
    bool next();

    /// From here on so many rows are too many: next() throws at the one behind them. For answers
    /// that are kept in memory; a server may be hostile.
    void limit(std::uint64_t rows);

    std::size_t columns() const;

    /// The name of a column (counted from 0), or its alias, as the server sent it.
    std::string name(std::size_t column) const;

    /// The value of a column (counted from 0) of the current row, as the bytes the server sent.
    std::optional<std::string> get(std::size_t column) const;

    /// As get; NULL throws Error.
    std::string text(std::size_t column) const;
    std::uint64_t number(std::size_t column) const;

private:
    void end_statement() const;
    void forget_end();

    std::unique_ptr<Impl> m_impl;
};

} // namespace slicetool::db
