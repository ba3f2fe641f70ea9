// A bank on the shipped packs, in memory: the real server store behind a transport that
// a test can cut, and the app's own sessions on devices. What tests of the app begin with.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/app/carrying.h"
#include "shared/app/commands.h"
#include "shared/app/queries.h"
#include "shared/app/session.h"
#include "shared/crypto/init.h"
#include "shared/platform/memory_page_store.h"
#include "shared/storage/server_store.h"
#include "shared/sync/server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/shipped_packs.h"
#include "tests/support/tearing_slots.h"

namespace banyan::test {

class AppBank {
 public:
  static constexpr std::uint32_t kOrganisation = 11;
  static constexpr std::int64_t kMorning = 1'776'300'000'000;  // 2026-04-16 00:40 UTC

  explicit AppBank(const std::string& source_dir);

  // A row by names of fields, written by the server (or, for a mirror, by the import).
  using Cells = std::vector<std::pair<std::string, Value>>;
  RowId add(std::string_view entity, const Cells& cells, RowId aggregate = kNoRow);
  void decide(std::string_view entity, RowId row, RowId aggregate, const Cells& cells);
  std::int64_t choice(std::string_view entity, std::string_view field, std::string_view name) const;

  FakeClock clock{kMorning};
  SeededRandom random{5};
  std::string packs;
  Catalogue catalogue;
  SigningKey organisation;
  std::unique_ptr<Database> db;
  std::unique_ptr<ServerStore> store;
  std::unique_ptr<sync::Server> server;
  SeededRandom boxes{6};
  BoxKey box = BoxKey::generate(boxes);  // the server's
  RowId branch{}, officer{}, colleague{}, analyst{}, product{};
};

// One person's tablet. `online` is the plug.
class AppDevice final : public Transport, Stretcher {
 public:
  AppDevice(AppBank& bank, RowId user, std::uint64_t seed);
  // Another machine with the same disk; `from` is closed and opened again for it.
  AppDevice(AppDevice& from, std::uint64_t seed);

  Session& operator*() { return *session; }
  Session* operator->() { return session.get(); }

  // A whole sync now. False when it ended in trouble.
  bool sync();
  // Until everything that was asked for is answered.
  bool settle();
  // Ticks until a file of parcels has been read to its end.
  void receive(const Bytes& file);
  // The browser was closed and opened again.
  void restart();

  bool online = true;
  int answers = 1'000'000;     // until the line is cut
  std::size_t page_max = 500;  // entries of a page of history
  MemoryPageStore pages;
  std::unique_ptr<Session> session;

 private:
  void send(HttpRequest request, std::function<void(Result<HttpReply>)> done) override;
  bool network_up() const override { return online; }
  void listen(std::string, std::function<void()>, std::function<void()>) override {}
  void stretch(SecretBytes, KdfSalt, KdfCost,
               std::function<void(Result<PassphraseKey>)> done) override {
    done(fail(ErrorCode::Unavailable, "no passphrases here"));
  }
  void calibrate(std::function<void(Result<KdfCost>)> done) override { done(kKdfFloor); }
  Edges edges() {
    return {bank_.clock, random_, pages,
            *this,       *this,   [](std::int64_t) {
              return std::int64_t{8} * 3600 * 1000; }};
  }

  Result<HttpReply> answer(const HttpRequest& request);

  AppBank& bank_;
  SeededRandom random_;
  TearingSlots slots_;
  std::optional<Keyring> keyring_;
  std::deque<std::pair<HttpRequest, std::function<void(Result<HttpReply>)>>> sent_;
};

}  // namespace banyan::test
