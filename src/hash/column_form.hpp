#pragma once

#include "hash/digest.hpp"
#include "sql/table.hpp"

#include <cstdint>
#include <string>

namespace slicetool::hash {

/// How the values of a column are read, encoded and written: the same on both sides of a
/// comparison.
enum class Form {
    plain,       ///< the server's text, which holds none of `,` `;` `~`: numbers, dates, times
    exact_real,  ///< DOUBLE: shortest-exact
    fixed_real,  ///< DOUBLE(M,D): with the D digits after the point that it is rounded to
    exact_float, ///< FLOAT: as the DOUBLE it is, since a FLOAT prints 6 digits
    /// DOUBLE between the families, which print two kinds of values unlike: −0 is taken for 0
    /// (MariaDB never prints the sign), and small values are scaled by a power of two, with a
    /// letter in front (the families change to exponents, and MySQL to fewer digits, at different
    /// lengths).
    neutral_real,
    neutral_float, ///< FLOAT, likewise
    number,        ///< ENUM, SET and BIT as the number they are stored as; ZEROFILL integers
    text,          ///< as utf8mb4: ENUM and SET whose definitions differ, strings whose charsets do
    ascii,         ///< UUID, INET4, INET6: text of a fixed alphabet
    bytes,         ///< the bytes themselves
    long_bytes,    ///< the digest of the bytes in the encoding, the bytes themselves when copied
    long_text,     ///< as long_bytes, of the text as utf8mb4: long strings whose charsets differ
    json           ///< as long_text: MySQL's JSON, which is written in no other charset
};

/// One column of an encoded row, on one side.
struct EncodedColumn
{
    std::string name;
    Form form = Form::plain;
    bool nullable = true;
    /// Bytes that `value_sql` may have at most; for Form::plain of its text.
    std::uint64_t longest = 0;
    bool is_tiny = false; ///< TINYTEXT or TINYBLOB
    /// What is read instead of the column (a mask's expression); empty: the column.
    std::string source_sql = {};

    /// SQL of the column's value on this side.
    std::string source() const;
};

/// The form that a single column has when both sides define it alike. Throws base::Refusal for a
/// type that this program does not know.
Form natural_form(const sql::Column& column);

/// SQL that reads the value: what a SELECT list holds and what the encoding is made of. `column` is
/// quoted.
std::string value_sql(Form form, const std::string& column);

/// True when the form's length stands in the head of the encoded row and its bytes in the tail.
bool is_string_like(Form form);

/// True when the digest of the value stands in the encoding instead of the value.
bool is_digested(Form form);

/// True when the text of a value has at least a byte: an empty one was cut by the server.
bool is_never_empty(Form form);

/// SQL literal for a value that was read by value_sql, to be stored into a column of that form.
/// Throws base::Error when a number is none.
void append_literal(std::string& out, Form form, std::string_view value);

/// SQL that turns the user variable or column `loaded` (a binary string, or NULL) into what is
/// stored: the LOAD DATA counterpart of append_literal. Empty when the string can be stored as it
/// is.
std::string load_conversion_sql(Form form, const std::string& loaded);

/// An upper bound for the bytes of the column's value text, for a form. Sources: the types' ranges.
std::uint64_t longest_value(const sql::Column& column, Form form);

} // namespace slicetool::hash
