#pragma once

#include "sync/alternator.hpp"

namespace slicetool::sync {

/// A database of views, one for each table of the database in use, and k_current_view.
class CurrentViews : public CurrentPointer
{
public:
    /// The session must outlive it.
    CurrentViews(db::Session& session, const Alternation& choice);

    std::optional<std::string> read() override;
    void set(const std::string& database) override;
    void set_none() override;
    std::string describe() const override;
    std::string how_to_make() const override;

private:
    struct Existing
    {
        std::string name;
        bool is_view = false;
        std::string definition; ///< of a view, as the server tells it
        std::string columns;    ///< a digest of their names, in order
    };

    std::vector<Existing> existing();
    bool is_ours(const Existing& object);
    bool selects_from(const Existing& view, const std::string& database) const;
    bool is_as_made(const Existing& view);
    std::string list_made(const std::vector<std::string>& tables);
    void refuse_foreign(const std::vector<Existing>& objects,
                        const std::vector<std::string>& tables);
    void drop_leftovers(const std::vector<Existing>& objects);
    void drop(const std::string& name);
    void create(const std::string& name, const std::string& query);
    void rename(const std::vector<std::string>& moves);

    db::Session& m_session;
    const Alternation m_choice;
    std::optional<std::string> m_made; ///< as k_current_view tells it, once it was asked
};

} // namespace slicetool::sync
