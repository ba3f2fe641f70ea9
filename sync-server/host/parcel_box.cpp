#include "sync-server/host/parcel_box.h"

#include <algorithm>
#include <system_error>

#include "shared/base/json.h"
#include "sync-server/host/files.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kNotesBytesMax = 16 << 20;

Json notes_as_json(const CarriedFile& file) {
  Json notes = Json::array();
  for (const ParcelNote& note : file.notes) {
    notes.push_back({{"device", number(note.device)},
                     {"appended", note.appended},
                     {"parked", note.parked},
                     {"refused", note.refused},
                     {"forked", note.forked}});
  }
  return {{"parcels", std::move(notes)}, {"damaged", file.damaged}};
}

std::uint64_t number_in(const Json& json, std::string_view key) {
  const Json* member = json_member(json, key);
  const auto value = member != nullptr ? json_int(*member) : std::nullopt;
  return value && *value > 0 ? static_cast<std::uint64_t>(*value) : 0;
}

ParcelNote note_of(const Json& json) {
  ParcelNote note;
  note.device = DeviceId{static_cast<std::uint32_t>(number_in(json, "device"))};
  note.appended = number_in(json, "appended");
  note.parked = number_in(json, "parked");
  const Json* refused = json_member(json, "refused");
  if (refused != nullptr) note.refused = std::string(json_text(*refused).value_or(""));
  const Json* forked = json_member(json, "forked");
  note.forked = forked != nullptr && json_bool(*forked).value_or(false);
  return note;
}

Status remove_both(const fs::path& a, const fs::path& b) {
  std::error_code error;
  fs::remove(a, error);
  if (!error) fs::remove(b, error);
  if (error) return fail(ErrorCode::Io, a.string() + ": " + error.message());
  return sync_folder(a.parent_path());
}

}  // namespace

Result<CarriedFile> take_parcels(ByteView file, sync::Server& server, const BoxKey& box) {
  CarriedFile out;
  const sync::ParcelFile split = sync::split_parcels(file);
  out.damaged = split.damaged;
  for (const ByteView parcel : split.parcels) {
    TRY_ASSIGN(const sync::Server::Carried carried, server.handle_carried(parcel, box));
    ParcelNote note;
    TRY_ASSIGN(const sync::ParcelLabel label, sync::peek_parcel(parcel));
    note.device = label.device;
    note.appended = carried.handled.appended;
    note.parked = carried.handled.parked;
    note.forked = carried.handled.forked;
    if (carried.refused) note.refused = name_of(*carried.refused);
    out.notes.push_back(std::move(note));
    out.answers.insert(out.answers.end(), carried.answer.begin(), carried.answer.end());
  }
  return out;
}

Result<std::string> ParcelBox::put(ByteView file) {
  TRY(make_private_folder(folder_ / "in"));
  TRY(make_private_folder(folder_ / "out"));
  const std::string id = to_hex(sync::parcel_id(file).view());
  TRY(write_file(in(id), file, Readers::Owner));
  return id;
}

Result<std::optional<CarriedFile>> ParcelBox::fetch(const std::string& id) {
  const fs::path notes = out(id + ".json");
  const auto text = read_text(notes, kNotesBytesMax);
  if (!text && text.error().code == ErrorCode::NotFound) return std::optional<CarriedFile>{};
  if (!text) return text.error();
  TRY_ASSIGN(const Json json, parse_json(*text, 4, notes.string()));
  CarriedFile file;
  file.damaged = static_cast<std::size_t>(number_in(json, "damaged"));
  if (const Json* list = json_member(json, "parcels"); list != nullptr && list->is_array()) {
    for (const Json& one : *list) file.notes.push_back(note_of(one));
  }
  TRY_ASSIGN(file.answers, read_file(out(id), SIZE_MAX));
  TRY(remove_both(notes, out(id)));
  return std::optional(std::move(file));
}

Result<std::vector<std::string>> ParcelBox::waiting() const {
  std::vector<std::string> names;
  std::error_code error;
  if (!fs::is_directory(folder_ / "in", error)) return names;
  for (const auto& entry : fs::directory_iterator(folder_ / "in", error)) {
    const std::string name = entry.path().filename().string();
    // What is still being written has another name.
    if (name.size() == 2 * sync::ParcelId::kSize) names.push_back(name);
  }
  if (error) return fail(ErrorCode::Io, folder_.string() + ": " + error.message());
  std::sort(names.begin(), names.end());
  return names;
}

Result<Bytes> ParcelBox::read(const std::string& id) const {
  return read_file(in(id), sync::kParcelFileBytesMax);
}

Status ParcelBox::answer(const std::string& id, const CarriedFile& file) {
  TRY(write_file(out(id), file.answers, Readers::Owner));
  const std::string notes = dump_json(notes_as_json(file)) + "\n";
  TRY(write_file(out(id + ".json"), as_bytes(notes), Readers::Owner));
  std::error_code error;
  fs::remove(in(id), error);
  if (error) return fail(ErrorCode::Io, in(id).string() + ": " + error.message());
  return sync_folder(folder_ / "in");
}

}  // namespace banyan::server
