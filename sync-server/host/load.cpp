// `demo`, `import` and `enrol`: filling a bank and letting devices in.
#include <cstdio>

#include "sync-server/demo/demo.h"
#include "sync-server/host/commands.h"
#include "sync-server/host/enrol_codes.h"
#include "sync-server/host/qr.h"
#include "sync-server/host/welcome.h"
#include "sync-server/import/import.h"

namespace banyan::server {
namespace {

Status run_demo(const DemoSettings& settings) {
  TRY_ASSIGN(const DemoSize size, demo_size_of(settings.size));
  TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Write));
  DemoOptions options;
  options.seed = settings.seed;
  options.now_ms = bank->clock().wall_ms();
  options.lists = BANYAN_DEMO_DIR;
  options.progress = [](std::uint32_t done, std::uint32_t all) {
    std::fprintf(stderr, "\r%u of %u customers", done, all);
  };
  TRY_ASSIGN(const DemoReport report,
             make_demo(bank->store(), bank->packs().catalogue, size, options));
  std::fprintf(stderr, "\n");
  std::fputs(to_text(report).c_str(), stdout);
  std::vector<DemoPerson> people;
  for (const DemoLogin& login : report.logins) {
    TRY_ASSIGN(const Bank::Person person, bank->person(login.staff));
    people.push_back({person.name, person.staff_no, person.role, login.branch, login.staff});
  }
  if (!report.was_there) TRY(write_demo_people(bank->folder(), people));
  return bank->close();
}

// A control total that does not agree is a failure, although nothing was written.
Result<bool> run_import(const ImportSettings& settings) {
  TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Write));
  ImportOptions options;
  options.dry_run = settings.dry_run;
  options.seed = settings.seed;
  options.reject_file = settings.reject_file;
  options.control_file = settings.control_file;
  TRY_ASSIGN(const ImportReport report,
             import_berka(bank->store(), bank->packs().catalogue, settings.folder, options));
  std::fputs(to_text(report).c_str(), stdout);
  TRY(bank->close());
  return !report.stopped;
}

Status run_enrol(const EnrolSettings& settings) {
  TRY_ASSIGN(const std::unique_ptr<Bank> bank, Bank::open(settings.bank, Bank::Use::Look));
  TRY_ASSIGN(const RowId staff, bank->staff(settings.staff_no));
  TRY_ASSIGN(const Bank::Person person, bank->person(staff));
  if (!person.active) return fail(ErrorCode::Refused, "that staff member is not active");
  EnrolCodes codes = bank->codes();
  TRY_ASSIGN(const std::string code,
             codes.make(staff, std::int64_t{settings.minutes} * 60'000, bank->random()));
  const std::string url = enrol_url(settings.public_url, code, bank->keys());
  TRY_ASSIGN(const std::string qr, qr_text(url));
  std::printf("%s (%s), one new device, good for %d minutes:\n\n  code %s\n  %s\n\n%s",
              person.name.c_str(), person.role.c_str(), settings.minutes, code.c_str(), url.c_str(),
              qr.c_str());
  return {};
}

}  // namespace

int make_demo_bank(const DemoSettings& settings) {
  const Status done = run_demo(settings);
  return done ? 0 : complain(done.error());
}

int import_delivery(const ImportSettings& settings) {
  const auto good = run_import(settings);
  if (!good) return complain(good.error());
  return *good ? 0 : 1;
}

int enrol(const EnrolSettings& settings) {
  const Status done = run_enrol(settings);
  return done ? 0 : complain(done.error());
}

}  // namespace banyan::server
