// `backup`, `restore`, `verify-log` and `pack-check`.
#include <chrono>
#include <cstdio>
#include <system_error>

#include "shared/base/json.h"
#include "sync-server/host/bank.h"
#include "sync-server/host/commands.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

constexpr int kBackupPages = 2048;  // at a time, between them others may write

Result<std::unique_ptr<Database>> open_file(const fs::path& path, bool create) {
  DatabaseOptions options;
  options.name = path.string();
  options.create = create;
  return Database::open(std::move(options));
}

struct Verified {
  std::uint64_t seq = 0;
  std::uint32_t epoch = 0;
  std::uint64_t commits = 0, signatures = 0;
};

// Everything that can be said of a database file: pages, chains, signatures.
Result<Verified> verify_file(const fs::path& path, Bank& bank) {
  TRY_ASSIGN(const std::unique_ptr<Database> copy, open_file(path, false));
  TRY(copy->integrity_check());
  TRY_ASSIGN(const std::unique_ptr<ServerStore> store,
             ServerStore::open(*copy, bank.packs().catalogue, bank.organisation().number,
                               bank.keys().organisation, bank.clock(), bank.random()));
  TRY_ASSIGN(const ServerStore::Checked checked, store->verify_log());
  return Verified{store->head(), store->epoch(), checked.commits, checked.signatures};
}

void remove_file(const fs::path& path) {
  std::error_code absent;
  for (const char* tail : {"", "-wal", "-shm"}) fs::remove(path.string() + tail, absent);
}

// Only the writer of a bank moves `stable`: the running server, when there is
// one, reads the mark; without one it is done here.
Status advance_stable(const BankSettings& settings, const Verified& verified, std::int64_t now) {
  TRY(write_backup_mark(settings.data, {verified.seq, verified.epoch, now}));
  const auto bank = Bank::open(settings, Bank::Use::Write);
  if (!bank && bank.error().code == ErrorCode::Locked) return {};
  if (!bank) return bank.error();
  TRY((*bank)->store().set_stable(verified.seq));
  return (*bank)->close();
}

Status not_with_postgres(const BankSettings& bank) {
  TRY_ASSIGN(const bool postgres, is_postgres(bank.store));
  if (!postgres) return {};
  return fail(ErrorCode::Invalid,
              "a bank in PostgreSQL is saved and put back with PostgreSQL's own tools"
              " (sync-server/deploy/README.md); after putting it back run \"restored\"");
}

Status run_backup(const BackupSettings& settings) {
  TRY(not_with_postgres(settings.bank));
  if (fs::exists(settings.file)) {
    return fail(ErrorCode::Conflict, settings.file.string() + " is there already");
  }
  const fs::path fresh = settings.file.string() + ".new";
  remove_file(fresh);
  Verified verified;
  std::int64_t now = 0;
  {
    TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Look));
    now = bank->clock().wall_ms();
    {
      TRY_ASSIGN(const std::unique_ptr<Database> copy, open_file(fresh, true));
      TRY(bank->database().backup_to(*copy, kBackupPages, [] { return true; }));
    }
    TRY_ASSIGN(verified, verify_file(fresh, *bank));
  }
  std::error_code error;
  fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write, error);
  if (!error) fs::rename(fresh, settings.file, error);
  if (error) return fail(ErrorCode::Io, settings.file.string() + ": " + error.message());
  remove_file(fresh);
  TRY(sync_folder(settings.file.parent_path()));
  TRY(advance_stable(settings.bank, verified, now));
  std::printf(
      "%s holds everything up to %llu: %llu commits and %llu signatures checked.\n"
      "Keep %s and %s with it: they change seldom, and it is of no use without them.\n",
      settings.file.c_str(), static_cast<unsigned long long>(verified.seq),
      static_cast<unsigned long long>(verified.commits),
      static_cast<unsigned long long>(verified.signatures), (settings.bank.data / "keys").c_str(),
      (settings.bank.data / "packs").c_str());
  return {};
}

Status put_back(const BankSettings& settings, const fs::path& file) {
  TRY(make_private_folder(settings.data));
  TRY_ASSIGN(const FileHandle lock, lock_folder(settings.data));
  const fs::path target = database_path(settings.data);
  const fs::path fresh = target.string() + ".restoring";
  std::error_code error;
  fs::copy_file(file, fresh, fs::copy_options::overwrite_existing, error);
  if (error) return fail(ErrorCode::Io, file.string() + ": " + error.message());
  // What was there is kept aside: a restore that was a mistake can be undone.
  const auto stamp = std::to_string(SystemClock().wall_ms());
  for (const char* tail : {"", "-wal", "-shm"}) {
    const fs::path old = target.string() + tail;
    if (!fs::exists(old)) continue;
    fs::rename(old, target.string() + ".before-restore-" + stamp + tail, error);
    if (error) return fail(ErrorCode::Io, old.string() + ": " + error.message());
  }
  fs::rename(fresh, target, error);
  if (error) return fail(ErrorCode::Io, target.string() + ": " + error.message());
  fs::remove(settings.data / "backup.json", error);
  return sync_folder(settings.data);
}

Status run_restore(const RestoreSettings& settings) {
  TRY(not_with_postgres(settings.bank));
  if (!fs::exists(settings.file)) {
    return fail(ErrorCode::NotFound, settings.file.string() + " is not there");
  }
  {
    // Look at a copy first: a backup that does not hold must not replace anything.
    TRY_ASSIGN(const std::unique_ptr<Database> copy, open_file(settings.file, false));
    TRY(copy->integrity_check());
  }
  TRY(put_back(settings.bank, settings.file));
  TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Write));
  TRY_ASSIGN(const ServerStore::Checked checked, bank->store().verify_log());
  TRY(bank->store().begin_epoch_after_restore());
  std::printf(
      "The bank stands at %llu again (%llu commits checked), in epoch %u.\n"
      "Every device pushes what is missing at its next contact.\n",
      static_cast<unsigned long long>(bank->store().head()),
      static_cast<unsigned long long>(checked.commits), bank->store().epoch());
  return bank->close();
}

Status run_restored(const RestoredSettings& settings) {
  TRY_ASSIGN(const bool postgres, is_postgres(settings.bank.store));
  if (!postgres) {
    return fail(ErrorCode::Invalid, "\"restored\" needs --store; with SQLite use \"restore\"");
  }
  TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Write));
  TRY_ASSIGN(const ServerStore::Checked checked, bank->store().verify_log());
  TRY(bank->store().begin_epoch_after_restore());
  std::printf("The bank stands at %llu (%llu commits checked), in epoch %u.\n",
              static_cast<unsigned long long>(bank->store().head()),
              static_cast<unsigned long long>(checked.commits), bank->store().epoch());
  return {};
}

Status run_verify(const VerifySettings& settings) {
  TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Look));
  if (bank->shelf() == nullptr) TRY(bank->database().integrity_check());
  TRY_ASSIGN(const ServerStore::Checked checked, bank->store().verify_log());
  std::printf("The log is whole: %llu commits, %llu signatures, newest %llu, epoch %u.\n",
              static_cast<unsigned long long>(checked.commits),
              static_cast<unsigned long long>(checked.signatures),
              static_cast<unsigned long long>(bank->store().head()), bank->store().epoch());
  return {};
}

}  // namespace

int backup(const BackupSettings& settings) {
  const Status done = run_backup(settings);
  return done ? 0 : complain(done.error());
}

int restore(const RestoreSettings& settings) {
  const Status done = run_restore(settings);
  return done ? 0 : complain(done.error());
}

int verify_log(const VerifySettings& settings) {
  const Status done = run_verify(settings);
  return done ? 0 : complain(done.error());
}

int restored(const RestoredSettings& settings) {
  const Status done = run_restored(settings);
  return done ? 0 : complain(done.error());
}

int pack_check(const PackCheckSettings& settings) {
  std::vector<PackSource> sources;
  if (fs::exists(settings.folder / "pack.json")) {
    auto source = read_pack_folder(settings.folder);
    if (!source) return complain(source.error());
    sources.push_back(std::move(*source));
  } else {
    auto found = read_pack_folders(settings.folder);
    if (!found) return complain(found.error());
    sources = std::move(*found);
  }
  const auto engine = Expressions::create();
  if (!engine) return complain(engine.error());
  std::vector<PackError> errors;
  const auto catalogue = load_packs(sources, {0, engine->get()}, &errors);
  if (settings.json) {
    Json list = Json::array();
    for (const PackError& error : errors) {
      list.push_back({{"file", error.file}, {"path", error.path}, {"reason", error.reason}});
    }
    std::printf("%s\n", dump_json(list).c_str());
  } else if (!errors.empty()) {
    std::fputs(to_text(errors).c_str(), stdout);
  }
  if (!catalogue) {
    if (errors.empty()) return complain(catalogue.error());
    return 1;
  }
  if (!settings.json) {
    std::printf("%zu packs, %zu entities, %zu roles: nothing is wrong.\n", sources.size(),
                catalogue->entities().size(), catalogue->roles().size());
  }
  return 0;
}

}  // namespace banyan::server
