#include "sync-server/host/enrol_codes.h"

#include <system_error>

#include "shared/crypto/hash.h"
#include "shared/sync/enrol.h"
#include "sync-server/host/files.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kCodeFileMax = 64;

struct CodeFile {
  RowId user{};
  std::int64_t not_after_ms = 0;
};

Result<CodeFile> read_code(const fs::path& path) {
  TRY_ASSIGN(const Bytes content, read_file(path, kCodeFileMax));
  ByteReader reader(content);
  CodeFile code;
  code.user = RowId{static_cast<std::int64_t>(reader.u64())};
  code.not_after_ms = static_cast<std::int64_t>(reader.u64());
  TRY(reader.finish("enrolment code"));
  return code;
}

}  // namespace

fs::path EnrolCodes::path_of(std::string_view plain) const {
  return folder_ / to_hex(hash256({as_bytes("banyan-code"), as_bytes(plain)}).view());
}

Result<std::string> EnrolCodes::make(RowId user, std::int64_t life_ms, Random& random) {
  TRY(make_private_folder(folder_));
  const std::string code = sync::make_enrol_code(random);
  TRY_ASSIGN(const std::string plain, sync::plain_enrol_code(code));
  ByteWriter content;
  content.u64(static_cast<std::uint64_t>(number(user)));
  content.u64(static_cast<std::uint64_t>(clock_.wall_ms() + life_ms));
  TRY(write_file(path_of(plain), content.view(), Readers::Owner));
  return code;
}

Result<RowId> EnrolCodes::use(std::string_view typed) {
  const Error refused = fail(ErrorCode::Refused, "enrolment code unknown, used or too old");
  const auto plain = sync::plain_enrol_code(typed);
  if (!plain) return refused;
  const fs::path path = path_of(*plain);
  const auto code = read_code(path);
  if (!code) return refused;
  // Whoever removes the file has the code; a second one finds nothing to remove.
  std::error_code error;
  if (!fs::remove(path, error) || error) return refused;
  TRY(sync_folder(folder_));
  if (clock_.wall_ms() > code->not_after_ms) return refused;
  return code->user;
}

Status EnrolCodes::tidy() {
  std::error_code error;
  if (!fs::is_directory(folder_, error)) return {};
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const auto code = read_code(entry.path());
    if (code && clock_.wall_ms() <= code->not_after_ms) continue;
    std::error_code gone_already;
    fs::remove(entry.path(), gone_already);
  }
  if (error) return fail(ErrorCode::Io, folder_.string() + ": " + error.message());
  return {};
}

}  // namespace banyan::server
