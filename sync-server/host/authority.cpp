#include "sync-server/host/authority.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <memory>

#include "sync-server/host/files.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr int kDay = 24 * 60 * 60;
constexpr int kAuthorityDays = 3650;
constexpr int kServerDays = 397;  // browsers take no longer ones
constexpr int kRenewDays = 30;

Error openssl_error(std::string_view what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return fail(ErrorCode::Unavailable, std::string(what) + ": " + text.data());
}

bool is_ip(const std::string& address) {
  return address.find_first_not_of("0123456789.") == std::string::npos ||
         address.find(':') != std::string::npos;
}

std::string san_of(const std::vector<std::string>& addresses) {
  std::string san;
  for (const std::string& address : addresses) {
    san += (san.empty() ? "" : ",") + std::string(is_ip(address) ? "IP:" : "DNS:") + address;
  }
  return san;
}

template <class Write>
Result<std::string> to_pem(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  if (!memory || write(memory.get()) != 1) return openssl_error("write PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

Result<Key> load_key(const fs::path& path) {
  TRY_ASSIGN(const std::string text, read_text(path, kPemMax));
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
  if (!key) return fail(ErrorCode::Corrupt, path.string() + " is no key");
  return key;
}

Result<Certificate> load_certificate(const fs::path& path) {
  TRY_ASSIGN(const std::string text, read_text(path, kPemMax));
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  if (!certificate) return fail(ErrorCode::Corrupt, path.string() + " is no certificate");
  return certificate;
}

Result<Key> make_key(const fs::path& path) {
  Key key(EVP_EC_gen("P-256"));
  if (!key) return openssl_error("make a key");
  TRY_ASSIGN(const std::string pem, to_pem([&](BIO* out) {
               return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                               nullptr);
             }));
  TRY(write_file(path, as_bytes(pem), Readers::Owner));
  return key;
}

struct Subject {
  std::string name;
  int days = 0;
  std::vector<std::pair<int, std::string>> extensions;  // NID and its text
};

// Null issuer: signs itself.
Result<Certificate> make_certificate(const Subject& subject, EVP_PKEY* key, X509* issuer,
                                     EVP_PKEY* issuer_key) {
  Certificate made(X509_new());
  std::array<unsigned char, 16> serial{};
  if (!made || RAND_bytes(serial.data(), serial.size()) != 1) return openssl_error("serial");
  serial[0] &= 0x7F;  // positive
  const std::unique_ptr<BIGNUM, Freed<BN_free>> big(
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  bool good = BN_to_ASN1_INTEGER(big.get(), X509_get_serialNumber(made.get())) != nullptr;
  good = good && X509_set_version(made.get(), 2) == 1 && X509_set_pubkey(made.get(), key) == 1;
  // A day back, for tablets whose clock is slow.
  good = good && X509_gmtime_adj(X509_getm_notBefore(made.get()), -kDay) != nullptr;
  good = good && X509_gmtime_adj(X509_getm_notAfter(made.get()),
                                 static_cast<long>(subject.days) * kDay) != nullptr;
  X509_NAME* name = X509_get_subject_name(made.get());
  good = good && X509_NAME_add_entry_by_txt(
                     name, "CN", MBSTRING_UTF8,
                     reinterpret_cast<const unsigned char*>(subject.name.c_str()), -1, -1, 0) == 1;
  X509* signer = issuer != nullptr ? issuer : made.get();
  good = good && X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) == 1;

  X509V3_CTX context{};
  X509V3_set_ctx(&context, signer, made.get(), nullptr, nullptr, 0);
  for (const auto& [kind, text] : subject.extensions) {
    const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str()));
    good = good && extension && X509_add_ext(made.get(), extension.get(), -1) == 1;
  }
  good = good && X509_sign(made.get(), issuer_key, EVP_sha256()) > 0;
  if (!good) return openssl_error("make a certificate");
  return made;
}

Status write_certificates(const fs::path& path, const std::vector<X509*>& chain) {
  std::string all;
  for (X509* each : chain) {
    TRY_ASSIGN(const std::string pem,
               to_pem([&](BIO* out) { return PEM_write_bio_X509(out, each); }));
    all += pem;
  }
  return write_file(path, as_bytes(all), Readers::Everybody);
}

bool still_good(const fs::path& certificate, const fs::path& names, const std::string& san) {
  const auto made_for = read_text(names, kPemMax);
  if (!made_for || *made_for != san) return false;
  const auto loaded = load_certificate(certificate);
  if (!loaded) return false;
  int days = 0, seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(loaded->get())) != 1) {
    return false;
  }
  return days >= kRenewDays;
}

std::string fingerprint_of(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    std::array<char, 4> pair{};
    std::snprintf(pair.data(), pair.size(), "%s%02X", i == 0 ? "" : ":", digest[i]);
    text += pair.data();
  }
  return text;
}

}  // namespace

std::vector<std::string> machine_addresses() {
  std::vector<std::string> found{"localhost", "127.0.0.1", "::1"};
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0 && host[0] != '\0') {
    found.emplace_back(host.data());
  }
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return found;
  const std::unique_ptr<ifaddrs, Freed<freeifaddrs>> owner(list);
  for (const ifaddrs* at = list; at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET) continue;
    if ((at->ifa_flags & IFF_LOOPBACK) != 0) continue;
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(at->ifa_addr, sizeof(sockaddr_in), text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      found.emplace_back(text.data());
    }
  }
  return found;
}

Result<DevelopmentTls> development_tls(const fs::path& folder,
                                       const std::vector<std::string>& addresses) {
  TRY(make_private_folder(folder));
  DevelopmentTls made{
      folder / "authority.crt", folder / "server.crt", folder / "server.key", {}, addresses};
  const fs::path authority_key_path = folder / "authority.key";
  const fs::path names = folder / "server.names";

  if (!fs::exists(authority_key_path) || !fs::exists(made.authority)) {
    TRY_ASSIGN(const Key key, make_key(authority_key_path));
    const Subject subject{"Banyan development authority",
                          kAuthorityDays,
                          {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                           {NID_key_usage, "critical,keyCertSign,cRLSign"},
                           {NID_subject_key_identifier, "hash"}}};
    TRY_ASSIGN(const Certificate root, make_certificate(subject, key.get(), nullptr, key.get()));
    TRY(write_certificates(made.authority, {root.get()}));
    std::error_code absent;  // signed by an older authority
    fs::remove(made.certificate, absent);
  }
  TRY_ASSIGN(const Key authority_key, load_key(authority_key_path));
  TRY_ASSIGN(const Certificate authority, load_certificate(made.authority));
  made.fingerprint = fingerprint_of(authority.get());

  const std::string san = san_of(addresses);
  if (!still_good(made.certificate, names, san)) {
    TRY_ASSIGN(const Key key, make_key(made.key));
    const Subject subject{"Banyan development server",
                          kServerDays,
                          {{NID_basic_constraints, "critical,CA:FALSE"},
                           {NID_key_usage, "critical,digitalSignature"},
                           {NID_ext_key_usage, "serverAuth"},
                           {NID_subject_alt_name, san}}};
    TRY_ASSIGN(const Certificate certificate,
               make_certificate(subject, key.get(), authority.get(), authority_key.get()));
    TRY(write_certificates(made.certificate, {certificate.get(), authority.get()}));
    TRY(write_file(names, as_bytes(san), Readers::Everybody));
  }
  return made;
}

}  // namespace banyan::server
