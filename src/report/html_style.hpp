#pragma once

#include <string_view>

namespace slicetool::report::html {

/// The style sheet of a report: light and dark after the reader's setting, paper, and windows from
/// 320 pixels on. No fonts or pictures from elsewhere. Holds no `<` and no `&`.
extern const std::string_view k_style;

} // namespace slicetool::report::html
