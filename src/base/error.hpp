#pragma once

#include <stdexcept>
#include <string>

namespace slicetool::base {

/// A failure told to the user: `what()` is one or more full sentences that say what failed, on
/// which endpoint, table and range, why, and what to do now. Never holds a password.
class Error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/// The command line, the environment or the config is wrong; nothing was attempted.
class UsageError : public Error
{
public:
    using Error::Error;
};

/// A guard declined to go on before anything was harmed; the sentence names the flag that allows
/// it.
class Refusal : public Error
{
public:
    using Error::Error;
};

/// Another run is at work where this one wanted to be; nothing was attempted, and later it may
/// work.
class Busy : public Error
{
public:
    using Error::Error;
};

/// The user asked to stop. Not a failure of the work: open transactions were rolled back.
class Interrupted : public Error
{
public:
    Interrupted() : Error("Interrupted.") {}
};

} // namespace slicetool::base
