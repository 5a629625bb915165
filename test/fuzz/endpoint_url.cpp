#include "config/endpoint_url.hpp"

#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "fuzz.hpp"

namespace {

using namespace slicetool;

/// What Endpoint::url() prints must mean the same endpoint when it is pasted back.
void require_round_trip(const config::EndpointSettings& settings)
{
    base::Endpoint endpoint;
    endpoint.socket = settings.socket.value_or("");
    endpoint.host = settings.socket ? "" : settings.host.value_or("localhost");
    endpoint.port = settings.port.value_or(endpoint.port);
    endpoint.user = settings.user.value_or("");
    endpoint.database = settings.database.value_or("");
    const std::string url = endpoint.url();
    const auto again = config::parse_endpoint_url(url);
    fuzz::require_sentence(url);
    fuzz::require(again.user.value_or("") == endpoint.user, "user", url);
    fuzz::require(again.database.value_or("") == endpoint.database, "database", url);
    fuzz::require(again.socket.value_or("") == endpoint.socket, "socket", url);
    fuzz::require(!endpoint.socket.empty() || again.host == endpoint.host, "host", url);
    fuzz::require(!endpoint.socket.empty() || again.port == endpoint.port, "port", url);
}

void parse(const std::string& url, const std::string& secret)
{
    try {
        require_round_trip(config::parse_endpoint_url(url));
    } catch (const base::UsageError& problem) {
        const std::string message = problem.what();
        fuzz::require_sentence(message);
        fuzz::require(secret.empty() || message.find(secret) == std::string::npos,
                      "a message repeats a password", message);
    }
}

} // namespace

/// Any text is an endpoint, or refused in a sentence that repeats nothing of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text = fuzz::text_of(data, size);
    const std::string secret = "Geheim73";
    parse(text, "");
    parse("mysql://" + text, "");
    parse("mysql://u:" + secret + text, secret);
    return 0;
}
