#include "integration/certificates.hpp"

#include <atomic>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace slicetool::test {
namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Cert = std::shared_ptr<X509>;

void check(bool done)
{
    if (!done)
        throw std::runtime_error("OpenSSL could not make a certificate");
}

Key new_key()
{
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

template<class Write>
std::string pem_of(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory(BIO_new(BIO_s_mem()), BIO_free_all);
    check(write(memory.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(const Cert& certificate)
{
    return pem_of([&](BIO* to) { return PEM_write_bio_X509(to, certificate.get()); });
}

std::string pem(const Key& key)
{
    return pem_of([&](BIO* to) {
        return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

/// Not signed yet.
Cert new_certificate(const Key& key, const std::string& name, Validity validity)
{
    static std::atomic<long> serial{1};
    Cert certificate(X509_new(), X509_free);
    X509* x = certificate.get();
    constexpr long k_version_3 = 2;
    X509_set_version(x, k_version_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), validity.from);
    X509_gmtime_adj(X509_getm_notAfter(x), validity.to);
    X509_set_pubkey(x, key.get());
    const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
    check(X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, bytes, -1, -1,
                                     0) == 1);
    return certificate;
}

} // namespace

Authority::Authority(const std::string& name)
    : m_key(new_key()), m_certificate(new_certificate(m_key, name, {}))
{
    X509* x = m_certificate.get();
    X509_set_issuer_name(x, X509_get_subject_name(x));
    extend(x, x, NID_basic_constraints, "critical,CA:TRUE");
    extend(x, x, NID_key_usage, "critical,keyCertSign,cRLSign");
    check(X509_sign(x, m_key.get(), EVP_sha256()) > 0);
    m_pem = test::pem(m_certificate);
}

Certificate Authority::issue(const std::string& name, const std::string& alternative_names,
                             Validity validity) const
{
    const Key key = new_key();
    const Cert certificate = new_certificate(key, name, validity);
    X509* x = certificate.get();
    X509_set_issuer_name(x, X509_get_subject_name(m_certificate.get()));
    extend(x, m_certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    if (!alternative_names.empty())
        extend(x, m_certificate.get(), NID_subject_alt_name, alternative_names);
    check(X509_sign(x, m_key.get(), EVP_sha256()) > 0);
    return {test::pem(certificate), test::pem(key)};
}

} // namespace slicetool::test
