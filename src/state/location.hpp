#pragma once

#include <string>

namespace slicetool::state {

/// Where the state is kept unless somebody says otherwise: `$XDG_STATE_HOME/slicetool/state.sqlite`
/// if that variable holds an absolute path, else `~/.local/state/slicetool/state.sqlite`. Empty
/// when the user has no home.
std::string default_path();

} // namespace slicetool::state
