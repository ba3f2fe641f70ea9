// The server's side of TLS 1.3.
#pragma once

#include <filesystem>
#include <memory>

#include "shared/base/result.h"

namespace banyan::http {

class TlsContext;  // an OpenSSL context; see loop.h

// Loads a certificate chain and its key, both PEM. Invalid when a file is
// missing, is no PEM, or the two do not belong together.
Result<std::shared_ptr<TlsContext>> load_tls(const std::filesystem::path& certificate_chain,
                                             const std::filesystem::path& key);

}  // namespace banyan::http
