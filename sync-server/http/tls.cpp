#include "sync-server/http/tls.h"

#include "sync-server/http/loop.h"

namespace banyan::http {

Result<std::shared_ptr<TlsContext>> load_tls(const std::filesystem::path& certificate_chain,
                                             const std::filesystem::path& key) {
  auto tls = std::make_shared<TlsContext>();
  SSL_CTX* native = tls->context.native_handle();
  if (SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) != 1) {
    return fail(ErrorCode::Unavailable, "this OpenSSL has no TLS 1.3");
  }
  // Thousands of idle connections: give their buffers back.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  error_code error;
  tls->context.use_certificate_chain_file(certificate_chain.string(), error);
  if (error) {
    return fail(ErrorCode::Invalid, certificate_chain.string() + ": " + error.message());
  }
  tls->context.use_private_key_file(key.string(), asio::ssl::context::pem, error);
  if (error) return fail(ErrorCode::Invalid, key.string() + ": " + error.message());
  if (SSL_CTX_check_private_key(native) != 1) {
    return fail(ErrorCode::Invalid, key.string() + " is not the key of the certificate");
  }
  return tls;
}

}  // namespace banyan::http
