#include "sync-server/host/bank.h"

#include <utility>

#include "shared/base/json.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSmallFileMax = 16 * 1024;
constexpr std::int64_t kCacheBytes = 64 << 20;

Result<Organisation> open_organisation(const fs::path& path, const std::string& name,
                                       Random& random) {
  if (!fs::exists(path)) {
    // Drawn, so that two banks' bundles never pass for each other's.
    Organisation fresh{static_cast<std::uint32_t>(1 + random.below(0xFFFF'FFFE)), name};
    const Json json = {{"number", fresh.number}, {"name", fresh.name}};
    TRY(write_file(path, as_bytes(dump_json(json) + "\n"), Readers::Owner));
    return fresh;
  }
  TRY_ASSIGN(const std::string text, read_text(path, kSmallFileMax));
  TRY_ASSIGN(const Json json, parse_json(text, 2, path.string()));
  const Json* number = json_member(json, "number");
  const Json* known = json_member(json, "name");
  const auto value = number != nullptr ? json_int(*number) : std::nullopt;
  const auto title = known != nullptr ? json_text(*known) : std::nullopt;
  if (!value || *value < 1 || *value > 0xFFFF'FFFF || !title) {
    return fail(ErrorCode::Corrupt, path.string() + " lacks a number or a name");
  }
  return Organisation{static_cast<std::uint32_t>(*value), std::string(*title)};
}

std::string cell_text(const Entity& entity, const Row& row, std::string_view field) {
  const Field* found = entity.field(field);
  return found != nullptr ? text_of(row.cell(found->no)) : std::string();
}

}  // namespace

fs::path database_path(const fs::path& folder) { return folder / "bank.db"; }

Result<std::unique_ptr<Bank>> Bank::open(const BankSettings& settings, Use use) {
  if (use == Use::Look && !fs::exists(database_path(settings.data))) {
    return fail(ErrorCode::NotFound, "there is no bank in " + settings.data.string());
  }
  TRY(make_private_folder(settings.data));
  FileHandle lock;
  if (use == Use::Write) {
    TRY_ASSIGN(lock, lock_folder(settings.data));
  }
  SystemRandom random;
  TRY_ASSIGN(Keys keys, open_keys(settings.data / "keys", random));
  std::unique_ptr<Bank> bank(new Bank(settings.data, std::move(keys)));
  bank->lock_ = std::move(lock);
  TRY_ASSIGN(bank->organisation_, open_organisation(settings.data / "organisation.json",
                                                    settings.organisation_name, random));
  TRY_ASSIGN(bank->expressions_, Expressions::create());
  const fs::path packs = settings.packs.empty() ? fs::path(BANYAN_PACKS_DIR) : settings.packs;
  TRY_ASSIGN(bank->packs_, install_packs(packs, settings.data / "packs", *bank->expressions_));

  DatabaseOptions options;
  options.name = database_path(settings.data).string();
  options.cache_bytes = kCacheBytes;
  TRY_ASSIGN(bank->database_, Database::open(std::move(options)));
  TRY_ASSIGN(bank->store_,
             ServerStore::open(*bank->database_, bank->packs_.catalogue, bank->organisation_.number,
                               bank->keys_.organisation, bank->clock_, bank->random_));
  return bank;
}

Result<RowId> Bank::staff(const std::string& staff_no) {
  auto found = store_->find("staff", "staff_no", Value(staff_no));
  if (!found && found.error().code == ErrorCode::NotFound) {
    return fail(ErrorCode::NotFound, "no staff member with the number " + staff_no);
  }
  return found;
}

Result<Bank::Person> Bank::person(RowId staff) {
  const Entity* entity = packs_.catalogue.entity("staff");
  if (entity == nullptr) return fail(ErrorCode::Invalid, "the packs have no entity staff");
  TRY_ASSIGN(const Row row, store_->load(*entity, staff));
  if (!row.alive()) return fail(ErrorCode::NotFound, "no such staff member");
  Person person;
  person.name = cell_text(*entity, row, "name");
  person.staff_no = cell_text(*entity, row, "staff_no");
  person.role = cell_text(*entity, row, "role");
  person.active = true;
  if (const Field* field = entity->field("branch")) person.branch = row_of(row.cell(field->no));
  if (const Field* field = entity->field("active")) {
    const Value& active = row.cell(field->no);
    person.active = is_null(active) || int_of(active) != 0;
  }
  const Role* role = packs_.catalogue.role(person.role);
  person.sees_all = role != nullptr && role->scope == "all";
  return person;
}

Status Bank::close() { return database_->checkpoint(); }

Status write_backup_mark(const fs::path& folder, const BackupMark& mark) {
  const Json json = {{"seq", mark.seq}, {"epoch", mark.epoch}, {"at_ms", mark.at_ms}};
  return write_file(folder / "backup.json", as_bytes(dump_json(json) + "\n"), Readers::Owner);
}

Result<std::optional<BackupMark>> read_backup_mark(const fs::path& folder) {
  const fs::path path = folder / "backup.json";
  const auto text = read_text(path, kSmallFileMax);
  if (!text && text.error().code == ErrorCode::NotFound) return std::optional<BackupMark>{};
  if (!text) return text.error();
  TRY_ASSIGN(const Json json, parse_json(*text, 2, path.string()));
  const auto number = [&](const char* key) -> std::optional<std::int64_t> {
    const Json* member = json_member(json, key);
    return member != nullptr ? json_int(*member) : std::nullopt;
  };
  const auto seq = number("seq"), epoch = number("epoch"), at = number("at_ms");
  if (!seq || !epoch || !at) return fail(ErrorCode::Corrupt, path.string());
  return std::optional(
      BackupMark{static_cast<std::uint64_t>(*seq), static_cast<std::uint32_t>(*epoch), *at});
}

}  // namespace banyan::server
