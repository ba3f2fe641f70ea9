#include "sync-server/import/import.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <fstream>

#include "sync-server/import/berka_load.h"
#include "sync-server/import/store_target.h"

namespace banyan {
namespace {

// Rounding that the files themselves carry: 0.15 in the bank's own, under 2 in
// the copy that was cut to whole crowns.
constexpr std::int64_t kSlackMinor = 15;
constexpr std::int64_t kRoundedSlackMinor = 200;

void progress(const ImportOptions& options, std::string_view step, std::uint64_t done) {
  if (options.progress) options.progress({step, done, 1});
}

void check_balances(berka::Linked& linked, ImportReport& report) {
  std::vector<Movement> movements;
  movements.reserve(linked.data.transactions.size());
  for (const berka::Transaction& t : linked.data.transactions) {
    const bool rounded = linked.data.transaction_files[t.file].rounded;
    movements.push_back({t.account, t.day, t.signed_minor, t.balance_minor,
                         rounded ? kRoundedSlackMinor : kSlackMinor});
  }
  reconcile(movements, linked.data.spoilt, linked.transaction_order, report);
}

Status check_control_file(const std::filesystem::path& dir, const ImportOptions& options,
                          ImportReport& report) {
  const std::filesystem::path path =
      options.control_file.empty() ? dir / "control.csv" : options.control_file;
  std::error_code error;
  if (options.control_file.empty() && !std::filesystem::exists(path, error)) return {};
  return compare_control_file(path, report);
}

Status write_rejects(const std::filesystem::path& path, const std::vector<Reject>& rejects) {
  if (path.empty()) return {};
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << "file;line;reason\n";
  for (const Reject& r : rejects) out << r.file << ';' << r.line << ';' << r.reason << '\n';
  out.close();
  if (!out) return fail(ErrorCode::Io, "cannot write " + path.string());
  return {};
}

void line(std::string& out, const char* format, ...) __attribute__((format(printf, 2, 3)));
void line(std::string& out, const char* format, ...) {
  char text[400];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  out.append(text).push_back('\n');
}

std::string money(std::int64_t minor) {
  char text[40];
  const std::int64_t size = minor < 0 ? -minor : minor;
  std::snprintf(text, sizeof text, "%s%" PRId64 ".%02" PRId64, minor < 0 ? "-" : "", size / 100,
                size % 100);
  return text;
}

}  // namespace

Result<ImportReport> import_berka(ImportTarget& target, const Catalogue& catalogue,
                                  const std::filesystem::path& dir, const ImportOptions& options) {
  ImportReport report;
  report.dry_run = options.dry_run;
  progress(options, "read", 0);
  berka::Linked linked;
  TRY_ASSIGN(linked.data, berka::read_files(dir, report));
  linked.owners = berka::link(linked.data, report);

  progress(options, "check", 0);
  check_balances(linked, report);
  TRY(check_control_file(dir, options, report));
  report.stopped = !report.mismatches.empty();
  if (!report.stopped) {
    TRY_ASSIGN(Ledger ledger, Ledger::open(target, "berka", report));
    TRY(berka::load(linked, catalogue, options, ledger, report));
  }
  TRY(write_rejects(options.reject_file, report.rejects));
  return report;
}

Result<ImportReport> import_berka(ServerStore& store, const Catalogue& catalogue,
                                  const std::filesystem::path& dir, const ImportOptions& options) {
  StoreImportTarget target(store);
  return import_berka(target, catalogue, dir, options);
}

std::string to_text(const ImportReport& r) {
  std::string out;
  line(out, "%-46s %9s %9s %9s %17s %17s", "file", "read", "accepted", "rejected", "in", "out");
  for (const FileTotals& f : r.files) {
    const bool sums = f.in_minor != 0 || f.out_minor != 0;
    line(out, "%-46s %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %17s %17s", f.file.c_str(), f.read,
         f.accepted, f.rejected, sums ? money(f.in_minor).c_str() : "",
         sums ? money(f.out_minor).c_str() : "");
  }
  line(out, "balances: opening %s + in %s - out %s = closing %s (rounding in the files %s)",
       money(r.opening_minor).c_str(), money(r.in_minor).c_str(), money(r.out_minor).c_str(),
       money(r.closing_minor).c_str(), money(r.rounding_minor).c_str());
  line(out,
       "control totals: %" PRIu64 " agree, %zu do not; accounts reconciled %" PRIu64
       ", not checkable because of rejected lines %" PRIu64,
       r.controls_checked - r.mismatches.size(), r.mismatches.size(), r.accounts_reconciled,
       r.accounts_unchecked);
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < r.mismatches.size() && i < kShown; ++i) {
    const ControlTotal& m = r.mismatches[i];
    line(out, "  %s: expected %" PRId64 ", counted %" PRId64, m.name.c_str(), m.expected,
         m.counted);
  }
  for (std::size_t i = 0; i < r.rejects.size() && i < kShown; ++i) {
    line(out, "  rejected %s line %" PRIu64 ": %s", r.rejects[i].file.c_str(), r.rejects[i].line,
         r.rejects[i].reason.c_str());
  }
  if (r.stopped) {
    line(out, "STOPPED: control totals do not agree. Nothing was written.");
  } else if (r.changed_nothing()) {
    line(out, "nothing has changed: %" PRIu64 " rows are here already", r.rows_same);
  } else {
    line(out,
         "%s%" PRIu64 " rows new, %" PRIu64 " changed, %" PRIu64 " as before; %" PRIu64 " commits",
         r.dry_run ? "dry run, nothing written: " : "", r.rows_new, r.rows_changed, r.rows_same,
         r.commits);
  }
  return out;
}

}  // namespace banyan
