#include "sync-server/host/packs.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "shared/sync/enrol.h"
#include "sync-server/host/files.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

struct Kept {
  std::uint32_t number = 0;
  std::string canonical;
};

// The newest kept set; number 0 when there is none.
Result<Kept> newest_kept(const fs::path& folder) {
  Kept newest;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string stem = at->path().stem().string();
    std::uint32_t found = 0;
    const auto [stop, bad] = std::from_chars(stem.data(), stem.data() + stem.size(), found);
    if (bad != std::errc{} || stop != stem.data() + stem.size()) continue;
    if (at->path().extension() == ".json") newest.number = std::max(newest.number, found);
  }
  if (error) return fail(ErrorCode::Io, folder.string() + ": " + error.message());
  if (newest.number == 0) return newest;
  TRY_ASSIGN(newest.canonical,
             read_text(kept_path(folder, newest.number), sync::kCatalogueBytesMax));
  return newest;
}

Result<Catalogue> load_kept(const Kept& kept, ExpressionEngine& engine) {
  TRY_ASSIGN(const std::vector<PackSource> sources, split_packs(kept.canonical));
  return load_packs(sources, {kept.number, &engine});
}

struct Offered {
  Catalogue catalogue;
  std::string canonical;
};
Result<Offered> load_offered(const fs::path& folder, std::uint32_t set_number,
                             ExpressionEngine& engine) {
  TRY_ASSIGN(const std::vector<PackSource> sources, read_pack_folders(folder));
  std::vector<PackError> errors;
  auto catalogue = load_packs(sources, {set_number, &engine}, &errors);
  if (!catalogue) return fail(ErrorCode::Invalid, to_text(errors));
  TRY_ASSIGN(std::string canonical, canonical_packs(sources));
  return Offered{std::move(catalogue).value(), std::move(canonical)};
}

}  // namespace

fs::path kept_path(const fs::path& folder, std::uint32_t set_number) {
  return folder / (std::to_string(set_number) + ".json");
}

Result<PackSource> read_pack_folder(const fs::path& folder) {
  PackSource source;
  source.name = folder.filename().string();
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file() || at->path().extension() != ".json") continue;
    TRY_ASSIGN(std::string text, read_text(at->path(), kPackFileMax));
    source.files.push_back(
        {fs::relative(at->path(), folder, error).generic_string(), std::move(text)});
  }
  if (error) return fail(ErrorCode::NotFound, folder.string() + ": " + error.message());
  std::sort(source.files.begin(), source.files.end(),
            [](const PackFile& a, const PackFile& b) { return a.path < b.path; });
  return source;
}

Result<std::vector<PackSource>> read_pack_folders(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (fs::exists(at->path() / "pack.json")) found.push_back(at->path());
  }
  if (error) return fail(ErrorCode::NotFound, folder.string() + ": " + error.message());
  if (found.empty()) return fail(ErrorCode::NotFound, "no pack in " + folder.string());
  std::sort(found.begin(), found.end());
  std::vector<PackSource> sources;
  for (const fs::path& each : found) {
    TRY_ASSIGN(PackSource source, read_pack_folder(each));
    sources.push_back(std::move(source));
  }
  return sources;
}

Result<InstalledPacks> install_packs(const fs::path& folder, const fs::path& kept,
                                     ExpressionEngine& engine) {
  TRY(make_private_folder(kept));
  TRY_ASSIGN(Kept newest, newest_kept(kept));
  auto offered = load_offered(folder, newest.number + 1, engine);
  if (!offered && newest.number == 0) return offered.error();

  InstalledPacks installed;
  if (newest.number > 0) {
    TRY_ASSIGN(Catalogue current, load_kept(newest, engine));
    if (!offered) {
      installed.kept_because = offered.error().detail;
    } else if (offered->canonical != newest.canonical) {
      installed.kept_because = to_text(check_upgrade(current, offered->catalogue));
    }
    const bool same = offered && offered->canonical == newest.canonical;
    if (same || !installed.kept_because.empty()) {
      installed.catalogue = std::move(current);
      installed.canonical = std::move(newest.canonical);
      installed.number = newest.number;
      return installed;
    }
  }
  installed.number = newest.number + 1;
  installed.is_new = true;
  TRY(write_file(kept_path(kept, installed.number), as_bytes(offered->canonical),
                 Readers::Everybody));
  installed.catalogue = std::move(offered->catalogue);
  installed.canonical = std::move(offered->canonical);
  return installed;
}

std::string to_text(const std::vector<PackError>& errors) {
  std::string text;
  for (const PackError& error : errors) {
    text +=
        error.file + ": " + (error.path.empty() ? "/" : error.path) + ": " + error.reason + "\n";
  }
  return text;
}

}  // namespace banyan::server
