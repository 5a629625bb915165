#include "report/log.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/text.hpp"

#include <array>
#include <fmt/format.h>
#include <functional>
#include <mutex>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <utility>
#include <vector>

namespace slicetool::report {

namespace {

/// Hands finished lines to a function; spdlog's lock keeps them apart.
class LineSink : public spdlog::sinks::base_sink<std::mutex>
{
public:
    explicit LineSink(std::function<void(std::string_view)> take) : m_take(std::move(take)) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override
    {
        const std::string safe = printable_lines({message.payload.data(), message.payload.size()});
        spdlog::details::log_msg clean(message);
        clean.payload = safe;
        spdlog::memory_buf_t line;
        formatter_->format(clean, line);
        m_take({line.data(), line.size()});
    }

    void flush_() override {}

private:
    std::function<void(std::string_view)> m_take;
};

spdlog::level::level_enum level_of(const std::string& name)
{
    static const std::vector<std::string> k_names{"trace", "debug",    "info", "warning",
                                                  "error", "critical", "off"};
    const std::string lower = base::ascii_lower(name);
    for (std::size_t i = 0; i < k_names.size(); ++i) {
        if (k_names[i] == lower)
            return static_cast<spdlog::level::level_enum>(i);
    }
    const auto nearest = base::nearest(lower, k_names);
    throw base::UsageError(fmt::format(
        "Unknown log level '{}'{} The levels are {}.", printable(name),
        nearest ? fmt::format("; did you mean '{}'?", *nearest) : ".", base::join(k_names, ", ")));
}

/// A log that cannot be written does not stop the run; the screen is told, once.
spdlog::sink_ptr file_sink(const std::string& path, const std::shared_ptr<Screen>& screen)
{
    const std::shared_ptr<Output> file = open_log_file(path);
    auto sink =
        std::make_shared<LineSink>([file, screen, told = false](std::string_view line) mutable {
            try {
                file->write(line);
            } catch (const base::Error& failure) {
                if (!std::exchange(told, true))
                    screen->print_err(fmt::format(
                        "slicetool: {} The run goes on; its log is incomplete.\n", failure.what()));
            }
        });
    // With date, zone and thread: a file is read days later.
    sink->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z [%t] %l: %v");
    return sink;
}

spdlog::sink_ptr screen_sink(const std::shared_ptr<Screen>& screen)
{
    auto sink =
        std::make_shared<LineSink>([screen](std::string_view line) { screen->print_err(line); });
    sink->set_pattern("%H:%M:%S %l: %v");
    return sink;
}

} // namespace

void set_up_log(const LogOptions& options, const std::shared_ptr<Screen>& screen)
{
    const auto level = level_of(options.level);
    std::vector<spdlog::sink_ptr> sinks{screen_sink(screen)};
    if (!options.file.empty())
        sinks.push_back(file_sink(options.file, screen));
    auto logger = std::make_shared<spdlog::logger>("slicetool", sinks.begin(), sinks.end());
    logger->set_level(level);
    spdlog::set_default_logger(std::move(logger));
}

} // namespace slicetool::report
