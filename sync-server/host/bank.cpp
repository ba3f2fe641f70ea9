#include "sync-server/host/bank.h"

#include <utility>

#include "shared/base/json.h"
#include "sync-server/postgres/postgres_tables.h"

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

Result<bool> is_postgres(const std::string& url) {
  if (url.empty()) return false;
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) return true;
  return fail(ErrorCode::Invalid, "--store is no address of the kind postgresql://USER@HOST/NAME");
}

Result<std::unique_ptr<Bank>> Bank::open(const BankSettings& settings, Use use) {
  TRY_ASSIGN(const bool postgres, is_postgres(settings.store));
  if (!postgres && use == Use::Look && !fs::exists(database_path(settings.data))) {
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
  if (postgres) {
    TRY_ASSIGN(bank->shelf_, postgres::Shelf::open(settings.store, bank->organisation_.number));
    TRY(bank->shelf_->same_keys(
        bank->keys_.organisation.verify_key(),
        keyed_hash256(bank->keys_.challenge, as_bytes("banyan-challenge-check"))));
    TRY(bank->install_shared_packs(packs));
    TRY(bank->open_postgres(settings.store));
  } else {
    TRY_ASSIGN(bank->packs_, install_packs(packs, settings.data / "packs", *bank->expressions_));
    TRY(bank->open_sqlite());
  }
  return bank;
}

Status Bank::open_sqlite() {
  DatabaseOptions options;
  options.name = database_path(folder_).string();
  options.cache_bytes = kCacheBytes;
  TRY_ASSIGN(database_, Database::open(std::move(options)));
  TRY_ASSIGN(store_, ServerStore::open(*database_, packs_.catalogue, organisation_.number,
                                       keys_.organisation, clock_, random_));
  return {};
}

Status Bank::open_postgres(const std::string& url) {
  TRY_ASSIGN(std::unique_ptr<ServerTables> tables,
             postgres::PostgresTables::open(url, packs_.catalogue, organisation_.number));
  TRY_ASSIGN(store_, ServerStore::open(std::move(tables), packs_.catalogue, organisation_.number,
                                       keys_.organisation, clock_, random_));
  return {};
}

// The database numbers the sets; the folder holds copies. Two processes that publish at once
// have the same number for it: the slower one begins again with what the other published.
Status Bank::install_shared_packs(const fs::path& folder) {
  const fs::path kept = folder_ / "packs";
  for (int tries = 0; tries < 3; ++tries) {
    TRY_ASSIGN(const std::vector<postgres::Shelf::Pack> published, shelf_->packs());
    TRY(make_private_folder(kept));
    for (const postgres::Shelf::Pack& pack : published) {
      TRY(write_file(kept_path(kept, pack.number), as_bytes(pack.canonical), Readers::Everybody));
    }
    TRY_ASSIGN(packs_, install_packs(folder, kept, *expressions_));
    Status told = shelf_->publish({packs_.number, packs_.canonical});
    if (told || told.error().code != ErrorCode::Conflict) return told;
  }
  return fail(ErrorCode::Unavailable, "others keep publishing packs");
}

namespace {

class SharedCodes final : public CodeShelf {
 public:
  explicit SharedCodes(postgres::Shelf& shelf) : shelf_(shelf) {}
  Status keep(const Hash256& code, const KeptCode& kept) override {
    return shelf_.keep_code(code, {kept.user, kept.not_after_ms});
  }
  Result<KeptCode> take(const Hash256& code) override {
    TRY_ASSIGN(const postgres::Shelf::Code taken, shelf_.take_code(code));
    return KeptCode{taken.user, taken.until_ms};
  }
  Status drop_old(std::int64_t now_ms) override { return shelf_.drop_codes(now_ms); }

 private:
  postgres::Shelf& shelf_;
};

}  // namespace

Database& Bank::database() {
  BANYAN_CHECK(database_ != nullptr);
  return *database_;
}

EnrolCodes Bank::codes() {
  if (shelf_ == nullptr) return EnrolCodes(folder_ / "codes", clock_);
  return EnrolCodes(std::make_unique<SharedCodes>(*shelf_), clock_);
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

Status Bank::close() { return database_ != nullptr ? database_->checkpoint() : Status{}; }

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
