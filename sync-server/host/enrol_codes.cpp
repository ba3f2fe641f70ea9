#include "sync-server/host/enrol_codes.h"

#include <system_error>
#include <utility>

#include "shared/sync/enrol.h"
#include "sync-server/host/files.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kCodeFileMax = 64;

Result<KeptCode> read_code(const fs::path& path) {
  TRY_ASSIGN(const Bytes content, read_file(path, kCodeFileMax));
  ByteReader reader(content);
  KeptCode code;
  code.user = RowId{static_cast<std::int64_t>(reader.u64())};
  code.not_after_ms = static_cast<std::int64_t>(reader.u64());
  TRY(reader.finish("enrolment code"));
  return code;
}

// A code is a file named by its hash.
class CodeFolder final : public CodeShelf {
 public:
  explicit CodeFolder(fs::path folder) : folder_(std::move(folder)) {}

  Status keep(const Hash256& code, const KeptCode& kept) override {
    TRY(make_private_folder(folder_));
    ByteWriter content;
    content.u64(static_cast<std::uint64_t>(number(kept.user)));
    content.u64(static_cast<std::uint64_t>(kept.not_after_ms));
    return write_file(folder_ / to_hex(code.view()), content.view(), Readers::Owner);
  }

  Result<KeptCode> take(const Hash256& code) override {
    const fs::path path = folder_ / to_hex(code.view());
    TRY_ASSIGN(const KeptCode kept, read_code(path));
    // Whoever removes the file has the code; a second one finds nothing to remove.
    std::error_code error;
    if (!fs::remove(path, error) || error) return fail(ErrorCode::NotFound, "no such code");
    TRY(sync_folder(folder_));
    return kept;
  }

  Status drop_old(std::int64_t now_ms) override {
    std::error_code error;
    if (!fs::is_directory(folder_, error)) return {};
    for (const auto& entry : fs::directory_iterator(folder_, error)) {
      const auto code = read_code(entry.path());
      if (code && now_ms <= code->not_after_ms) continue;
      std::error_code gone_already;
      fs::remove(entry.path(), gone_already);
    }
    if (error) return fail(ErrorCode::Io, folder_.string() + ": " + error.message());
    return {};
  }

 private:
  fs::path folder_;
};

Hash256 hash_of(std::string_view plain) {
  return hash256({as_bytes("banyan-code"), as_bytes(plain)});
}

}  // namespace

EnrolCodes::EnrolCodes(fs::path folder, const Clock& clock)
    : EnrolCodes(std::make_unique<CodeFolder>(std::move(folder)), clock) {}

Result<std::string> EnrolCodes::make(RowId user, std::int64_t life_ms, Random& random) {
  const std::string code = sync::make_enrol_code(random);
  TRY_ASSIGN(const std::string plain, sync::plain_enrol_code(code));
  TRY(shelf_->keep(hash_of(plain), {user, clock_.wall_ms() + life_ms}));
  return code;
}

Result<RowId> EnrolCodes::use(std::string_view typed) {
  const Error refused = fail(ErrorCode::Refused, "enrolment code unknown, used or too old");
  const auto plain = sync::plain_enrol_code(typed);
  if (!plain) return refused;
  const auto code = shelf_->take(hash_of(*plain));
  if (!code && code.error().code == ErrorCode::Unavailable) return code.error();
  if (!code || clock_.wall_ms() > code->not_after_ms) return refused;
  return code->user;
}

Status EnrolCodes::tidy() { return shelf_->drop_old(clock_.wall_ms()); }

}  // namespace banyan::server
