#pragma once

#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string>

/// Certificates made by tests.
namespace slicetool::test {

/// A key and its certificate, as PEM text for files.
struct Certificate
{
    std::string pem;
    std::string key_pem;
};

/// From when to when, in seconds from now.
struct Validity
{
    long from = -3600;
    long to = 30L * 24 * 3600;
};

/// Signs certificates; is its own root.
class Authority
{
public:
    explicit Authority(const std::string& name);

    /// For a server (or a client) of that name; `alternative_names` as OpenSSL writes them:
    /// "DNS:localhost,IP:127.0.0.1".
    Certificate issue(const std::string& name, const std::string& alternative_names,
                      Validity validity = {}) const;

    /// The root's own certificate.
    const std::string& pem() const { return m_pem; }

private:
    std::shared_ptr<EVP_PKEY> m_key;
    std::shared_ptr<X509> m_certificate;
    std::string m_pem;
};

} // namespace slicetool::test
