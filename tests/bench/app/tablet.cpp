#include "tests/bench/app/tablet.h"

#include <chrono>
#include <thread>

namespace banyan::bench {
namespace {

constexpr const char* kPassphrase = "rice in the spring 2026";
constexpr const char* kFile = "person1";

std::int64_t no_offset(std::int64_t) { return 0; }

}  // namespace

// ---- the wire

void Wire::send(HttpRequest request, std::function<void(Result<HttpReply>)> done) {
  waiting_.emplace_back(std::move(request), std::move(done));
}

void Wire::listen(std::string, std::function<void()>, std::function<void()>) {}

bool Wire::pump() {
  if (waiting_.empty()) return false;
  auto [request, done] = std::move(waiting_.front());
  waiting_.pop_front();
  HttpReply reply;
  reply.status = 404;
  if (request.path == "/v0/sync") {
    reply.body = timed(serve, [&] { return county_->serve(request.body); });
    reply.status = 200;
    up += request.body.size();
    down += reply.body.size();
  }
  const Stopwatch watch;
  done(std::move(reply));
  take += watch.taken();
  return true;
}

// The keyring is opened before the session is: nothing asks for this.
void NoStretcher::stretch(SecretBytes, KdfSalt, KdfCost,
                          std::function<void(Result<PassphraseKey>)> done) {
  done(fail(ErrorCode::Unavailable, "no stretcher"));
}
void NoStretcher::calibrate(std::function<void(Result<KdfCost>)> done) {
  done(fail(ErrorCode::Unavailable, "no stretcher"));
}

// ---- the tablet

Tablet::Tablet(const std::string& folder, County* county)
    : pages_(must(FilePageStore::at(folder))),
      slots_(*pages_, std::string(kFile) + ".key"),
      wire_(county),
      edges_{clock_, random_, *pages_, wire_, stretcher_, no_offset} {}

std::unique_ptr<Tablet> Tablet::create(const std::string& folder, County& county,
                                       const DemoLogin& login) {
  std::unique_ptr<Tablet> tablet(new Tablet(folder, &county));
  const Vault vault = county.enrol(login);
  KeyringFacts facts;
  facts.organisation = vault.enrolment.organisation;
  facts.device = number(vault.enrolment.device);
  facts.user = static_cast<std::uint64_t>(number(vault.enrolment.user));
  tablet->random_.fill(facts.database.bytes);
  const SecretBytes passphrase{std::string_view(kPassphrase)};
  Factors factors;
  factors.stretch = stretch_here(passphrase);
  const Keyring keyring =
      must(Keyring::create(tablet->slots_, tablet->random_, facts, kKdfStrong, factors));
  tablet->session_ = must(Session::create(tablet->edges_, kFile, keyring, vault));
  return tablet;
}

std::unique_ptr<Tablet> Tablet::open(const std::string& folder, Cost& unlock, Cost& session) {
  std::unique_ptr<Tablet> tablet(new Tablet(folder, nullptr));
  const SecretBytes passphrase{std::string_view(kPassphrase)};
  Factors factors;
  factors.stretch = stretch_here(passphrase);
  const Keyring keyring = must(
      timed(unlock, [&] { return Keyring::unlock(tablet->slots_, tablet->random_, factors); }));
  tablet->session_ =
      must(timed(session, [&] { return Session::open(tablet->edges_, kFile, keyring); }));
  return tablet;
}

Tablet::Synced Tablet::sync() {
  wire_.serve = wire_.take = {};
  wire_.up = wire_.down = 0;
  session_->sync().sync_now();
  std::this_thread::sleep_for(std::chrono::milliseconds(3));  // until it is due
  const Stopwatch watch;
  session_->tick();
  while (wire_.pump()) session_->tick();
  const Cost all = watch.taken();
  const SyncStatus& status = session_->sync_status();
  expect(status.trouble == SyncStatus::Trouble::None && status.state == SyncStatus::State::Idle,
         "the sync ended in trouble: " + status.detail);
  expect(session_->replica().pending_count() == 0, "everything is acknowledged");
  return {{all.wall_s - wire_.serve.wall_s, all.cpu_s - wire_.serve.cpu_s},
          wire_.serve,
          wire_.up,
          wire_.down};
}

}  // namespace banyan::bench
