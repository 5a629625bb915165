#pragma once

#include "base/endpoint.hpp"
#include "db/session.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace slicetool::sync {

/// Two databases of one server that are written in turn, and where it is written down which one is
/// in use.
struct Alternation
{
    std::vector<std::string> databases; ///< two
    std::string views;                  ///< the database of views; empty: `file`
    std::string file;                   ///< holds the name of the one in use
};

/// The view that tells which database is in use; it stands beside the views of the tables.
inline constexpr const char* k_current_view = "slicetool_current";

/// Where the name of the database in use is kept. What it says is the only truth.
class CurrentPointer
{
public:
    CurrentPointer() = default;
    CurrentPointer(const CurrentPointer&) = delete;
    CurrentPointer& operator=(const CurrentPointer&) = delete;
    virtual ~CurrentPointer() = default;

    /// Empty when none is in use yet; nothing when there is no pointer, and nobody knows.
    virtual std::optional<std::string> read() = 0;
    virtual void set(const std::string& database) = 0;
    /// Makes a pointer where there is none, which says that none is in use.
    virtual void set_none() = 0;
    /// "the view `shop`.`slicetool_current`", for messages.
    virtual std::string describe() const = 0;
    /// Sentences for the user who knows which one is in use.
    virtual std::string how_to_make() const = 0;
};

/// Picks the database that is not in use, and puts it in use when it has become what it should be.
/// For one thread at a time.
///
///   1. A lock keeps other runs with the same databases away until this object is gone.
///   2. What is in use is read from the view or the file; target() is the other one.
///   3. The caller makes the target equal to upstream.
///   4. Only then: put_in_use(). With views, those of all tables and k_current_view change in one
///   RENAME TABLE: a statement sees all of them old or all of them new. With a file, its content
///   changes in one step.
///
/// However it ends, the database in use is complete: the other one is written only while nobody is
/// pointed to it.
class Alternator
{
public:
    /// `server` is an endpoint on the server of the databases; its own database is not used. Throws
    /// base::Refusal when a database is missing, when what is in use is none of the two, or is not
    /// written down though the databases hold rows; base::Busy when another run has the lock.
    Alternator(const base::Endpoint& server, Alternation choice);

    /// Nothing before the first switch.
    const std::optional<std::string>& in_use() const { return m_in_use; }
    const std::string& target() const { return m_target; }

    /// To be called before the target is written to: writes down that none is in use, if that is
    /// so. From then on a pointer that is lost is not taken for one that never was.
    void begin();

    /// To be called before the target is written once more: takes the lock again if it was lost
    /// with its connection. Throws as the constructor does, and base::Refusal when another run has
    /// switched meanwhile.
    void keep_lock();

    /// Puts the target in use; throws base::Refusal or base::Error, and then nothing has changed.
    /// Returns a sentence for the user.
    std::string put_in_use();

private:
    void require_databases();
    void lock();
    void check_lock();
    void choose_target();
    void require_empty();

    const base::Endpoint m_server;
    const Alternation m_choice;
    db::Session m_session;
    std::unique_ptr<CurrentPointer> m_pointer;
    bool m_has_lock = false;
    bool m_has_pointer = false;
    bool m_was_putting_in_use = false;
    std::optional<std::string> m_in_use;
    std::string m_target;
};

std::vector<std::string> tables_of(db::Session& session, const std::string& database);

/// What is in use, without a lock; for commands that only read. Throws as the constructor above.
std::optional<std::string> read_in_use(const base::Endpoint& server, const Alternation& choice);

} // namespace slicetool::sync
