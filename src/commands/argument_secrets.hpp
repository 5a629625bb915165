#pragma once

namespace slicetool::commands {

/// Overwrites the passwords in URLs among the program's arguments, which every user of the machine
/// can list. To be called as soon as the arguments have been copied.
void hide_passwords(int argc, char** argv);

} // namespace slicetool::commands
