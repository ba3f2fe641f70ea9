// What the bank's own rows say about its devices, where the packs have such rows: headquarters
// and branches follow them on their replicas.
#include <optional>
#include <utility>
#include <vector>

#include "sync-server/host/service.h"

namespace banyan::server {
namespace {

constexpr std::int64_t kContactNoteMs = 60 * 60 * 1000;
constexpr std::string_view kReport = "device_report";

std::int64_t choice_no(const Field& field, std::string_view name) {
  for (const Choice& choice : field.choices) {
    if (choice.name == name) return choice.no;
  }
  return 0;
}

// A root row of an entity that the packs may have, by names of fields; fields that they
// do not have are left out. No draft without the entity.
std::optional<Draft> new_root(Bank& bank, std::string_view entity_name,
                              const Service::NamedValues& values) {
  const Entity* entity = bank.packs().catalogue.entity(entity_name);
  if (entity == nullptr) return std::nullopt;
  Draft draft;
  draft.aggregate = bank.store().mint(kServerDevice);
  RowWrite write{entity->no, Op::Insert, draft.aggregate, 1, {}};
  for (const auto& [name, value] : values) {
    const Field* field = entity->field(name);
    if (field != nullptr && !is_null(value)) write.cells.push_back({field->no, value, {}});
  }
  draft.rows.push_back(std::move(write));
  return draft;
}

}  // namespace

// The device as everybody knows it, and what headquarters and its branch follow. It has no name
// until headquarters gives it one: the app says its number, in the reader's language.
Status Service::write_device_rows(DeviceId device, RowId user, const Bank::Person& person) {
  const std::int64_t now = bank_.clock().wall_ms();
  const auto device_no = static_cast<std::int64_t>(number(device));
  std::vector<Draft> drafts;
  if (auto known = new_root(
          bank_, "device",
          {{"number", Value(device_no)}, {"staff", Value(user)}, {"enrolled_at", Value(now)}})) {
    drafts.push_back(std::move(*known));
  }
  const Entity* report = bank_.packs().catalogue.entity(kReport);
  if (report != nullptr && !drafts.empty()) {
    const Field* status = report->field("status");
    drafts.push_back(
        *new_root(bank_, kReport,
                  {{"device", Value(drafts.front().aggregate)},
                   {"branch", person.branch != kNoRow ? Value(person.branch) : Value{}},
                   {"status", status != nullptr ? Value(choice_no(*status, "active")) : Value{}},
                   {"last_contact", Value(now)},
                   {"catalogue", Value(static_cast<std::int64_t>(bank_.packs().number))}}));
  }
  contact_noted_ms_[number(device)] = now;
  TRY(bank_.store().author(kServerDevice, drafts));
  return {};
}

// To the hour, so that the log does not fill up with greetings.
Status Service::note_contact(DeviceId device) {
  const std::int64_t now = bank_.clock().wall_ms();
  std::int64_t& noted = contact_noted_ms_[number(device)];
  if (now - noted < kContactNoteMs && now >= noted) return {};
  noted = now;
  TRY_ASSIGN(const sync::DeviceRecord record, bank_.store().device(device));
  return update_report(device, {{"last_contact", Value(now)},
                                {"head", Value(static_cast<std::int64_t>(record.head))}});
}

// Two machines have worked under this number: a person has to look which is whose.
Status Service::mark_copied(DeviceId device) {
  const Entity* report = bank_.packs().catalogue.entity(kReport);
  const Field* status = report != nullptr ? report->field("status") : nullptr;
  if (status == nullptr) return {};
  return update_report(device, {{"status", Value(choice_no(*status, "suspect"))}});
}

Status Service::update_report(DeviceId device, const NamedValues& values) {
  const Entity* report = bank_.packs().catalogue.entity(kReport);
  if (report == nullptr) return {};
  const auto known =
      bank_.store().find("device", "number", Value(static_cast<std::int64_t>(number(device))));
  const auto row = known ? bank_.store().find(kReport, "device", Value(*known)) : known;
  if (!row) return row.error().code == ErrorCode::NotFound ? Status{} : row.error();
  RowWrite write{report->no, Op::Update, *row, 1, {}};
  for (const auto& [name, value] : values) {
    const Field* field = report->field(name);
    if (field != nullptr) write.cells.push_back({field->no, value, {}});
  }
  const Draft draft{*row, 0, {std::move(write)}};
  TRY(bank_.store().author(kServerDevice, std::span(&draft, 1)));
  return {};
}

}  // namespace banyan::server
