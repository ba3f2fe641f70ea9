// `carry`: what a stick brings to headquarters, and the answer that goes back on it.
#include <chrono>
#include <cstdio>
#include <system_error>
#include <thread>

#include "shared/sync/carrier.h"
#include "sync-server/host/bank.h"
#include "sync-server/host/commands.h"
#include "sync-server/host/parcel_box.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

constexpr auto kLook = std::chrono::milliseconds(100);
constexpr auto kWaitMax = std::chrono::minutes(2);  // for a server that is busy

// Nobody else writes the bank: all that waits is taken here.
Status take_here(Bank& bank, ParcelBox& box) {
  sync::Server server(bank.store(), bank.keys().organisation, bank.keys().challenge.duplicate(),
                      bank.clock(), bank.random());
  TRY_ASSIGN(const std::vector<std::string> waiting, box.waiting());
  for (const std::string& id : waiting) {
    TRY_ASSIGN(const Bytes file, box.read(id));
    TRY_ASSIGN(const CarriedFile taken, take_parcels(file, server, bank.keys().box));
    TRY(box.answer(id, taken));
  }
  return bank.close();
}

Result<CarriedFile> wait_for(ParcelBox& box, const std::string& id) {
  const auto until = std::chrono::steady_clock::now() + kWaitMax;
  while (std::chrono::steady_clock::now() < until) {
    TRY_ASSIGN(std::optional<CarriedFile> file, box.fetch(id));
    if (file) return std::move(*file);
    std::this_thread::sleep_for(kLook);
  }
  return fail(ErrorCode::Unavailable,
              "the running server has not taken it yet; ask again with the same file");
}

Result<CarriedFile> take(const BankSettings& settings, ByteView content) {
  ParcelBox box(settings.data / "parcels");
  if (settings.store.empty() && !fs::exists(database_path(settings.data))) {
    return fail(ErrorCode::NotFound, "there is no bank in " + settings.data.string());
  }
  TRY_ASSIGN(const std::string id, box.put(content));
  const auto bank = Bank::open(settings, Bank::Use::Write);
  if (bank) {
    TRY(take_here(**bank, box));
  } else if (bank.error().code != ErrorCode::Locked) {
    return bank.error();
  }
  return wait_for(box, id);
}

void tell(const CarriedFile& file) {
  for (const ParcelNote& note : file.notes) {
    std::printf("device %u: ", number(note.device));
    if (!note.refused.empty()) {
      std::printf("refused (%s)\n", note.refused.c_str());
      continue;
    }
    std::printf("%llu new changes", static_cast<unsigned long long>(note.appended));
    if (note.parked > 0) {
      std::printf(", %llu bundles wait for others", static_cast<unsigned long long>(note.parked));
    }
    std::printf(note.forked ? "; another copy of this device has written\n" : "\n");
  }
  if (file.damaged > 0) {
    std::printf("%zu parcels are damaged; the device still has what was in them\n", file.damaged);
  }
}

Status run_carry(const CarrySettings& settings) {
  const fs::path answer = settings.answer.empty()
                              ? fs::path(settings.file.string() + ".answer.banyan")
                              : settings.answer;
  TRY_ASSIGN(const Bytes content, read_file(settings.file, sync::kParcelFileBytesMax));
  const sync::ParcelFile split = sync::split_parcels(content);
  if (split.parcels.empty()) {
    return fail(ErrorCode::Corrupt, settings.file.string() + " holds no whole parcel");
  }
  TRY_ASSIGN(const CarriedFile taken, take(settings.bank, content));
  tell(taken);
  if (taken.answers.empty()) return {};
  TRY(write_file(answer, taken.answers, Readers::Owner));
  std::printf("The answer is in %s: take it back to the devices.\n", answer.c_str());
  return {};
}

}  // namespace

int carry(const CarrySettings& settings) {
  const Status done = run_carry(settings);
  return done ? 0 : complain(done.error());
}

}  // namespace banyan::server
