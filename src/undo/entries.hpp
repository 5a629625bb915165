#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What an undo file holds. docs/undo.md specifies the format.
namespace slicetool::undo {

/// Another number means another format.
inline constexpr std::uint64_t k_format_version = 1;

/// Of the run that wrote the file. No password is among it.
struct Header
{
    std::uint64_t format = k_format_version;
    std::uint64_t encoding_version = 0; ///< of the row encoding that the digests are taken of
    std::string digest;                 ///< "md5" or "sha256"
    std::string run;                    ///< the run's name
    std::uint64_t started = 0;          ///< seconds since 1970
    std::string tool_version;
    std::string upstream;   ///< the endpoint's URL
    std::string downstream; ///< the endpoint's URL
    std::string server;     ///< what tells the downstream server from others
    std::string database;   ///< downstream, as the server names it
};

/// A stored column of a downstream table. The type is spelled as the server spells it, with the
/// character set: another type means that the table was altered.
struct Column
{
    std::string name;
    std::string type;

    bool operator==(const Column&) const = default;
};

struct Table
{
    std::string name;
    std::vector<Column> columns;
    std::vector<std::string> key; ///< names of columns; empty: no key tells the rows apart

    bool operator==(const Table&) const = default;
};

/// The values of a row's columns, or of its key, as the server printed them.
using Values = std::vector<std::optional<std::string>>;
using Key = std::vector<std::string>;

/// A row that a transaction leaves behind: its key, and the raw digest of its stored columns.
struct After
{
    Key key;
    std::string digest;
};

/// A place right before a key, or right after it.
struct Bound
{
    Key key;
    bool after = false;
};

/// A range of keys that held no row before the transaction, and what it holds afterwards. An absent
/// bound is an end of the table.
struct Piece
{
    std::optional<Bound> lower;
    std::optional<Bound> upper;
    std::uint64_t rows = 0;
    std::string digest; ///< raw; of the range's rows together
};

/// Of a table without key: how many rows have a digest before a transaction, and after it. Where
/// they become fewer, the batch's rows hold one with that digest.
struct Count
{
    std::string digest;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
};

/// What a frame is about.
enum class Kind : std::uint8_t {
    header = 1, ///< the first frame, and only that
    table = 2,  ///< the next table's description; tables are numbered from 0
    rows = 3,   ///< rows as they are before a transaction, which deletes or replaces them
    afters = 4, ///< rows as a transaction leaves them
    pieces = 5, ///< ranges that a transaction fills
    counts = 6, ///< digests that become more or fewer
    end = 7,    ///< of a batch: all of it is in the file, and the commit may follow
    full = 8    ///< the size bound was reached: what the run did from here on is not in the file
};

/// A frame's content; the members that do not belong to its kind are empty.
struct Frame
{
    Kind kind = Kind::end;
    std::uint64_t batch = 0; ///< frames of several batches may take turns
    std::uint64_t table = 0;
    Header header;
    Table description;
    std::vector<Values> rows;
    std::vector<After> afters;
    std::vector<Piece> pieces;
    std::vector<Count> counts;
    std::uint64_t synced = 0; ///< of an end: bytes of the file that were on disk before it
};

/// The beginning of a frame of any kind; entries follow.
std::string encode_head(Kind kind, std::uint64_t batch, std::uint64_t table);

/// The whole content of a frame that ends a batch.
std::string encode_end(std::uint64_t batch, std::uint64_t table, std::uint64_t synced);

void append(std::string& out, const Header& header);
void append(std::string& out, const Table& table);
void append(std::string& out, const Values& row);
void append(std::string& out, const After& after);
void append(std::string& out, const Piece& piece);
void append(std::string& out, const Count& count);

/// The other way round. Throws Damaged where the bytes are no frame.
Frame decode(std::string_view bytes);

} // namespace slicetool::undo
