#include "state/keeper.hpp"

#include <chrono>
#include <utility>

namespace slicetool::state {

namespace {

/// What a kill may cost of a run's record, and how often a disk is asked to sync.
constexpr std::chrono::seconds k_interval{1};

} // namespace

Keeper::~Keeper()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ended = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable())
        m_thread.join();
    flush();
}

void Keeper::open(const std::string& path, Complain complain)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_complain = std::move(complain);
        m_works = true;
    }
    try {
        const std::scoped_lock lock(m_file_mutex);
        m_file = std::make_unique<File>(path, File::Missing::create);
    } catch (const Error& failure) {
        return give_up(failure);
    }
    m_thread = std::thread([this] { write_until_ended(); });
}

bool Keeper::works() const
{
    const std::scoped_lock lock(m_mutex);
    return m_works;
}

void Keeper::later(File::Work piece)
{
    const std::scoped_lock lock(m_mutex);
    if (m_works)
        m_gathered.push_back(std::move(piece));
}

void Keeper::latest(const std::string& name, File::Work piece)
{
    const std::scoped_lock lock(m_mutex);
    if (m_works)
        m_latest[name] = std::move(piece);
}

void Keeper::flush()
{
    const std::scoped_lock lock(m_file_mutex);
    write_gathered();
}

bool Keeper::read(const File::Work& work)
{
    const std::scoped_lock lock(m_file_mutex);
    write_gathered();
    if (!works())
        return false;
    try {
        m_file->read(work);
        return true;
    } catch (const Error& failure) {
        give_up(failure);
        return false;
    }
}

void Keeper::write_until_ended()
{
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, k_interval, [this] { return m_ended; })) {
        if (m_gathered.empty() && m_latest.empty())
            continue;
        lock.unlock();
        flush();
        lock.lock();
    }
}

/// With m_file_mutex held.
void Keeper::write_gathered()
{
    std::vector<File::Work> pieces;
    std::map<std::string, File::Work> latest;
    {
        const std::scoped_lock lock(m_mutex);
        pieces.swap(m_gathered);
        latest.swap(m_latest);
    }
    if ((pieces.empty() && latest.empty()) || !works())
        return;
    try {
        m_file->write([&](SQLite::Database& database) {
            for (const auto& [name, piece] : latest)
                piece(database);
            for (const auto& piece : pieces)
                piece(database);
        });
    } catch (const Error& failure) {
        give_up(failure);
    }
}

void Keeper::give_up(const Error& failure)
{
    Complain complain;
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_works)
            return;
        m_works = false;
        m_gathered.clear();
        m_latest.clear();
        complain = m_complain;
    }
    complain(std::string(failure.what()) + " This run goes on without it.");
}

} // namespace slicetool::state
