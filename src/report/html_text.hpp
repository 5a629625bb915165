#pragma once

#include <string>
#include <string_view>

/// Pieces of HTML that are well-formed XML, too: every element is closed, every attribute quoted.
namespace slicetool::report::html {

/// Any bytes as the text of an element or of a quoted attribute: made printable on one line (see
/// `printable`), then escaped. Nothing in it can end the text.
std::string text(std::string_view bytes);

/// The same for sentences and SQL: line ends and tabs stay.
std::string lines(std::string_view bytes);

/// `<tag class="classes">content</tag>`; `content` is HTML. Without `classes` no attribute.
std::string element(std::string_view tag, std::string_view classes, std::string_view content);

/// "2,000,000", with thin spaces no line is broken at.
std::string number(std::uint64_t count);

} // namespace slicetool::report::html
