#pragma once

#include "random/model.hpp"
#include "random/random.hpp"

#include <string>
#include <utility>

/// Values as SQL expressions for sessions whose character set is utf8mb4.
namespace slicetool::search {

/// Some value of the column's type, often an extreme one; NULL where the column allows it.
std::string random_value(Random& random, const Column& column);

/// The value of a key's column in row number `at`: mostly another one for each row.
std::string key_value(Random& random, const Column& column, std::size_t at);

/// Two different values that a careless comparison takes for one.
std::pair<std::string, std::string> twins(Random& random, const Column& column);

/// Values of two neighbouring text columns, such that moving a separator's character from the end
/// of the first to the beginning of the second makes the one pair of the other.
struct Shifted
{
    std::pair<std::string, std::string> before;
    std::pair<std::string, std::string> after;
};
Shifted shifted(Random& random, const Column& first, const Column& second);

} // namespace slicetool::search
