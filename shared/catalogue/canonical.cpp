// The installed packs as one text, and back.
#include <algorithm>

#include "shared/base/json.h"
#include "shared/catalogue/packs.h"

namespace banyan {

namespace {

constexpr std::int64_t kFormat = 0;
constexpr std::size_t kPackDepthMax = 16;
constexpr std::size_t kTextBytesMax = 16 << 20;

Error bad(std::string what) {
  return fail(ErrorCode::Invalid, "catalogue text: " + std::move(what));
}

}  // namespace

Result<std::string> canonical_packs(std::span<const PackSource> sources) {
  Json packs = Json::object();
  for (const PackSource& source : sources) {
    Json files = Json::object();
    for (const PackFile& file : source.files) {
      TRY_ASSIGN(Json json, parse_json(file.text, kPackDepthMax, source.name + "/" + file.path));
      if (!files.emplace(file.path, std::move(json)).second) return bad("a file stands twice");
    }
    if (!packs.emplace(source.name, std::move(files)).second) return bad("a pack stands twice");
  }
  Json all = Json::object();
  all["format"] = kFormat;
  all["packs"] = std::move(packs);
  return dump_json(all);
}

Result<std::vector<PackSource>> split_packs(std::string_view text) {
  if (text.size() > kTextBytesMax) return fail(ErrorCode::TooLarge, "catalogue text");
  TRY_ASSIGN(const Json all, parse_json(text, kPackDepthMax + 3, "catalogue text"));
  const Json* format = json_member(all, "format");
  const Json* packs = json_member(all, "packs");
  if (format == nullptr || !json_int(*format)) return bad("has no format");
  if (json_int(*format) > kFormat) {
    return fail(ErrorCode::Newer, "catalogue text of format " + dump_json(*format));
  }
  if (json_int(*format) != kFormat || packs == nullptr || !packs->is_object()) {
    return bad("has no packs");
  }
  std::vector<PackSource> sources;
  for (const auto& [name, files] : packs->items()) {
    if (!files.is_object()) return bad("pack " + name + " has no files");
    PackSource source{name, {}};
    for (const auto& [path, json] : files.items()) source.files.push_back({path, dump_json(json)});
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace banyan
