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
        std::string columns;    ///< their names, in order
    };

    std::vector<Existing> existing();
    bool is_ours(const Existing& object);
    bool shows_all(const Existing& view, const std::string& database);
    void refuse_foreign(const std::vector<Existing>& objects,
                        const std::vector<std::string>& tables);
    void drop_leftovers(const std::vector<Existing>& objects);
    void drop(const std::string& name);
    void create(const std::string& name, const std::string& query);
    void rename(const std::vector<std::string>& moves);

    db::Session& m_session;
    const Alternation m_choice;
};

} // namespace slicetool::sync
