#include "config/endpoint_settings.hpp"

#include "config/fill.hpp"

namespace slicetool::config {

namespace {

void fill_address(EndpointSettings& target, const EndpointSettings& weaker)
{
    if (target.host || target.socket)
        return;
    target.host = weaker.host;
    if (!target.port) // who names a port means TCP
        target.socket = weaker.socket;
    fill(target.port, weaker.port);
}

void fill_password(EndpointSettings& target, const EndpointSettings& weaker)
{
    if (target.names_password())
        return;
    target.password = weaker.password;
    target.password_env = weaker.password_env;
    target.password_file = weaker.password_file;
    target.prompt = weaker.prompt;
}

} // namespace

bool EndpointSettings::names_password() const
{
    return password || password_env || password_file || prompt.value_or(false);
}

void EndpointSettings::fill_from(const EndpointSettings& weaker)
{
    fill_address(*this, weaker);
    fill_password(*this, weaker);
    fill(user, weaker.user);
    fill(database, weaker.database);
    fill(is_protected, weaker.is_protected);
    fill(tls_mode, weaker.tls_mode);
    fill(ca_file, weaker.ca_file);
    fill(certificate_file, weaker.certificate_file);
    fill(key_file, weaker.key_file);
    fill(connect_timeout, weaker.connect_timeout);
    fill(read_timeout, weaker.read_timeout);
}

} // namespace slicetool::config
