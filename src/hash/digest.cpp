#include "hash/digest.hpp"

#include "base/error.hpp"

#include <array>
#include <fmt/format.h>
#include <openssl/evp.h>

namespace slicetool::hash {

namespace {

void require(int ok)
{
    if (ok != 1)
        throw base::Error("OpenSSL could not compute a digest: is MD5 forbidden here (FIPS mode)? "
                          "Use --digest sha256.");
}

const EVP_MD* implementation(DigestKind kind)
{
    return kind == DigestKind::md5 ? EVP_md5() : EVP_sha256();
}

} // namespace

std::string_view digest_name(DigestKind kind)
{
    return kind == DigestKind::md5 ? "md5" : "sha256";
}

std::size_t digest_bytes(DigestKind kind)
{
    return kind == DigestKind::md5 ? 16 : 32;
}

std::string digest_hex_sql(DigestKind kind, std::string_view expression)
{
    return kind == DigestKind::md5 ? fmt::format("MD5({})", expression)
                                   : fmt::format("SHA2({}, 256)", expression);
}

std::string digest_raw_sql(DigestKind kind, std::string_view expression)
{
    return fmt::format("UNHEX({})", digest_hex_sql(kind, expression));
}

struct Digest::Impl
{
    struct Free
    {
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };

    const EVP_MD* algorithm;
    std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};

    void start() const { require(EVP_DigestInit_ex(context.get(), algorithm, nullptr)); }
};

Digest::Digest(DigestKind kind) : m_impl(std::make_unique<Impl>())
{
    m_impl->algorithm = implementation(kind);
    m_impl->start();
}

Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::update(std::string_view bytes)
{
    require(EVP_DigestUpdate(m_impl->context.get(), bytes.data(), bytes.size()));
}

std::string Digest::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned int length = 0;
    require(EVP_DigestFinal_ex(m_impl->context.get(), raw.data(), &length));
    m_impl->start();
    return {reinterpret_cast<const char*>(raw.data()), length};
}

std::string digest_hex(DigestKind kind, std::string_view bytes)
{
    Digest digest(kind);
    digest.update(bytes);
    return to_hex(digest.finish());
}

std::string to_hex(std::string_view bytes)
{
    static constexpr std::string_view k_digits = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += k_digits[byte >> 4];
        hex += k_digits[byte & 15];
    }
    return hex;
}

} // namespace slicetool::hash
