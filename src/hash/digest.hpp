#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace slicetool::hash {

/// Which digest both servers and the client compute. Never a CRC: it is linear, and equal changes
/// cancel.
enum class DigestKind { md5, sha256 };

std::string_view digest_name(DigestKind kind); ///< "md5", "sha256"

/// Length of a raw digest: 16 or 32.
std::size_t digest_bytes(DigestKind kind);

/// SQL for the digest of a string expression in lower-case hexadecimal: "MD5(…)" or "SHA2(…, 256)".
std::string digest_hex_sql(DigestKind kind, std::string_view expression);

/// SQL for the raw digest: half the bytes on the wire.
std::string digest_raw_sql(DigestKind kind, std::string_view expression);

/// A running digest over OpenSSL. Move-only; for one thread at a time.
class Digest
{
public:
    explicit Digest(DigestKind kind);
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    ~Digest();

    void update(std::string_view bytes);

    /// The raw digest of everything since construction or the last finish; starts anew.
    std::string finish();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The digest of `bytes` in lower-case hexadecimal, as the server's MD5() or SHA2() prints it.
std::string digest_hex(DigestKind kind, std::string_view bytes);

/// Lower-case hexadecimal digits of raw bytes.
std::string to_hex(std::string_view bytes);

} // namespace slicetool::hash
