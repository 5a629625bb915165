#pragma once

#include "random/model.hpp"
#include "random/random.hpp"

namespace slicetool::search {

/// A column of any type that the pairing's upstream family has, without name. Types that the
/// downstream family cannot hold, so that the table is refused, are rare.
Column random_column(Random& random, const Families& families);

/// A column of a type that may stand in a key as a whole.
Column random_key_column(Random& random, const Families& families);

/// A column by which few programs can order rows: BIT, ENUM, SET, FLOAT, UUID, INET.
Column odd_key_column(Random& random, const Families& families);

/// An integer column of any width and sign.
Column random_integer_column(Random& random);

/// A type of which downstream's column can be, so that it holds what this one holds; empty if there
/// is none here.
std::string wider_type(Random& random, const Column& column);

/// A text column that may be a key, of at most that many characters.
Column random_text_column(Random& random, const Families& families, std::size_t most);

} // namespace slicetool::search
