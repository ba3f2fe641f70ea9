#include "sync-server/host/keys.h"

#include <sys/stat.h>

#include <string>
#include <utility>

#include "sync-server/host/files.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStart = "banyan-key 0 1 ";
constexpr std::size_t kKeyFileMax = 256;

Status only_mine(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return fail(ErrorCode::Io, path.string());
  if ((info.st_mode & 077) != 0) {
    return fail(ErrorCode::Locked, path.string() + " may be read by others: chmod 600 it");
  }
  return {};
}

template <class Key>
Result<Key> open_key(const fs::path& folder, std::string_view purpose, Random& random) {
  const fs::path path = folder / (std::string(purpose) + ".key");
  const std::string start = std::string(kStart) + std::string(purpose) + " ";
  if (!fs::exists(path)) {
    Key fresh = Key::generate(random);
    const std::string line = start + to_hex(fresh.view()) + "\n";
    TRY(write_file(path, as_bytes(line), Readers::Owner));
    return fresh;
  }
  TRY(only_mine(path));
  TRY_ASSIGN(Bytes raw, read_file(path, kKeyFileMax));
  const SecretBytes content(std::move(raw));
  std::string_view text = as_text(content.view());
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (text.substr(0, start.size()) != start) {
    return fail(ErrorCode::Corrupt, path.string() + " is no " + std::string(purpose) + " key");
  }
  auto bytes = from_hex(text.substr(start.size()));
  if (!bytes) return fail(ErrorCode::Corrupt, path.string() + " is damaged");
  const SecretBytes secret(std::move(*bytes));
  return Key::from(secret.view());
}

}  // namespace

Result<Keys> open_keys(const fs::path& folder, Random& random) {
  TRY(make_private_folder(folder));
  TRY_ASSIGN(SignSeed seed, open_key<SignSeed>(folder, "organisation", random));
  TRY_ASSIGN(BoxSecret box, open_key<BoxSecret>(folder, "box", random));
  TRY_ASSIGN(MacKey challenge, open_key<MacKey>(folder, "challenge", random));
  return Keys{SigningKey(std::move(seed)), BoxKey(std::move(box)), std::move(challenge)};
}

}  // namespace banyan::server
