// A development authority: makes the certificates with which a tablet in the
// same network may reach this machine over TLS. Browsers give no storage, no
// worker and no camera to a plain http:// address other than localhost.
//
// For trying out and for tests. A bank brings its own: --certificate and --key.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace banyan::server {

struct DevelopmentTls {
  std::filesystem::path authority;    // authority.crt: what a tablet installs
  std::filesystem::path certificate;  // server.crt: chain
  std::filesystem::path key;
  std::string fingerprint;             // SHA-256 of the authority, "AB:CD:..."
  std::vector<std::string> addresses;  // in the certificate: localhost first
};

inline constexpr std::size_t kPemMax = 64 * 1024;  // a file of keys or certificates

// The names and addresses by which this machine can be reached.
std::vector<std::string> machine_addresses();

// Makes the authority in `folder` at the first call, and a certificate whenever
// there is none, the addresses changed, or fewer than 30 days are left of it.
Result<DevelopmentTls> development_tls(const std::filesystem::path& folder,
                                       const std::vector<std::string>& addresses);

}  // namespace banyan::server
