#include "shared/app/app.h"

#include <algorithm>

#include "shared/crypto/keyring_file.h"
#include "shared/sync/enrol.h"

namespace banyan {

namespace {

constexpr int kFreeTries = 5;
constexpr std::int64_t kFirstWaitMs = 30'000;
constexpr std::int64_t kLongestWaitMs = 60 * 60'000;

// Only the newest slot's key was made: a change of passphrase writes both, so the older one
// differs only after a cut in the middle of a change. Both must outlive the factors.
Factors stretched(const KeyringRecord& record, const PassphraseKey& key) {
  Factors factors;
  factors.stretch = [&](const KdfSalt& salt, const KdfCost& cost) -> Result<PassphraseKey> {
    if (salt == record.salt && cost == record.cost) return key.duplicate();
    return fail(ErrorCode::Locked, "the passphrase or a key is wrong");
  };
  return factors;
}

}  // namespace

// A passphrase stretched with a salt of its own, at the cost that this machine bears.
struct App::FreshKey {
  KdfCost cost;
  KdfSalt salt;
  PassphraseKey key;

  // It must outlive them.
  Factors factors() const {
    Factors factors;
    factors.salt = salt;
    factors.stretch = [this](const KdfSalt&, const KdfCost&) -> Result<PassphraseKey> {
      return key.duplicate();
    };
    return factors;
  }
};

struct App::Enrolment {
  std::string code, fingerprint;
  SigningKey key;
  BoxKey box;
  FreshKey passphrase;
  sync::EnrolReply reply;
};

App::App(Edges edges) : edges_(edges) { read_device(); }

App::~App() {
  *alive_ = false;
  if (session_) keep_name_plate();
}

void App::read_device() {
  Result<std::vector<Person>> people = read_people(edges_.pages);
  if (people.ok()) {
    people_ = std::move(people).value();
  } else {
    trouble_ = people.error();
  }
  ++version_;
}

void App::fail_with(Error error) {
  trouble_ = std::move(error);
  enrolment_.reset();
  phase_ = Phase::People;
  ++version_;
}

std::int64_t App::locked_for_ms() const {
  return std::max<std::int64_t>(0, wait_until_ms_ - edges_.clock.monotonic_ms());
}

// ---- enrolling: code, keys, the passphrase's key, the server's word, the packs

void App::enrol(std::string_view typed, SecretBytes passphrase) {
  if (phase_ != Phase::People) return;
  trouble_.reset();
  if (flaw_of(as_text(passphrase.view())) != PassphraseFlaw::None) {
    return fail_with(fail(ErrorCode::Invalid, "passphrase"));
  }
  sync::EnrolLink link;
  if (Result<sync::EnrolLink> parsed = sync::parse_fragment(typed); parsed.ok()) {
    link = std::move(parsed).value();
  } else {
    Result<std::string> code = sync::plain_enrol_code(typed);
    if (!code.ok()) return fail_with(fail(ErrorCode::Invalid, "code"));
    link.code = std::move(code).value();
  }
  enrolment_ = std::unique_ptr<Enrolment>(new Enrolment{link.code,
                                                        link.fingerprint,
                                                        SigningKey::generate(edges_.random),
                                                        BoxKey::generate(edges_.random),
                                                        {},
                                                        {}});
  phase_ = Phase::Enrolling;
  ++version_;
  stretch_fresh(std::move(passphrase), [this](Result<FreshKey> fresh) {
    if (!fresh.ok()) return fail_with(fresh.error());
    enrolment_->passphrase = std::move(fresh).value();
    send_enrolment();
  });
}

void App::stretch_fresh(SecretBytes passphrase, std::function<void(Result<FreshKey>)> done) {
  auto kept = std::make_shared<SecretBytes>(std::move(passphrase));  // a function must be copyable
  edges_.stretcher.calibrate([this, alive = alive_, kept, done](Result<KdfCost> cost) {
    if (!*alive) return;
    if (!cost.ok()) return done(cost.error());
    KdfSalt salt;
    edges_.random.fill(salt.bytes);
    edges_.stretcher.stretch(std::move(*kept), salt, *cost,
                             [alive, salt, cost = *cost, done](Result<PassphraseKey> key) {
                               if (!*alive) return;
                               if (!key.ok()) return done(key.error());
                               done(FreshKey{cost, salt, std::move(key).value()});
                             });
  });
}

void App::send_enrolment() {
  const sync::EnrolRequest request{enrolment_->code, enrolment_->key.verify_key(),
                                   enrolment_->box.public_key()};
  const std::string path = edges_.practice ? "/v0/enrol?practice=1" : "/v0/enrol";
  edges_.transport.send({"POST", path, sync::encode_enrol_request(request, enrolment_->key)},
                        [this, alive = alive_](const Result<HttpReply>& reply) {
                          if (*alive) enrolled(reply);
                        });
}

void App::enrolled(const Result<HttpReply>& reply) {
  if (!reply.ok()) return fail_with(reply.error());
  if (reply->status == 429) return fail_with(fail(ErrorCode::Unavailable, "enrol: HTTP 429"));
  if (reply->status == 409) return fail_with(fail(ErrorCode::Conflict, "enrol: practice"));
  if (reply->status != 200) {
    return fail_with(fail(ErrorCode::Refused, "enrol: HTTP " + std::to_string(reply->status)));
  }
  auto answer = sync::decode_enrol_reply(reply->body, enrolment_->fingerprint);
  if (!answer.ok()) return fail_with(answer.error());
  enrolment_->reply = std::move(answer).value();
  fetch_packs();
}

void App::fetch_packs() {
  edges_.transport.send({"GET", "/v0/catalogue", {}},
                        [this, alive = alive_](const Result<HttpReply>& reply) {
                          if (*alive) finish_enrolment(reply);
                        });
}

void App::finish_enrolment(const Result<HttpReply>& reply) {
  if (!reply.ok()) return fail_with(reply.error());
  Enrolment& e = *enrolment_;
  auto packs = sync::decode_catalogue(reply->body, e.reply.organisation_key);
  if (!packs.ok()) return fail_with(packs.error());
  Result<std::string> file = free_name(edges_.pages);
  if (!file.ok()) return fail_with(file.error());
  Person person{std::move(file).value(), {}, e.reply.role, {}, e.reply.organisation_name, 0};

  KeyringFacts facts;
  facts.organisation = e.reply.organisation;
  facts.device = number(e.reply.device);
  facts.user = static_cast<std::uint64_t>(number(e.reply.user));
  edges_.random.fill(facts.database.bytes);
  facts.lease_end_ms = e.reply.lease.not_after_ms;
  slots_ = std::make_unique<KeyringFile>(edges_.pages, keyring_name(person));
  Result<Keyring> keyring =
      Keyring::create(*slots_, edges_.random, facts, e.passphrase.cost, e.passphrase.factors());
  if (!keyring.ok()) return fail_with(keyring.error());
  Vault vault{e.reply, e.key.seed().duplicate(), e.box.secret().duplicate(), packs->number,
              std::move(packs->packs)};
  auto session = Session::create(edges_, person.file, *keyring, vault);
  enrolment_.reset();
  work(std::move(person), std::move(keyring).value(), std::move(session));
}

// ---- unlocking

void App::unlock(const Person& person, SecretBytes passphrase) {
  if (phase_ != Phase::People || locked_for_ms() > 0) return;
  trouble_.reset();
  slots_ = std::make_unique<KeyringFile>(edges_.pages, keyring_name(person));
  const Result<KeyringRecord> record = Keyring::peek(*slots_);
  if (!record.ok()) return fail_with(record.error());
  phase_ = Phase::Unlocking;
  ++version_;
  edges_.stretcher.stretch(
      std::move(passphrase), record->salt, record->cost,
      [this, alive = alive_, person, record = *record](Result<PassphraseKey> key) {
        if (*alive) unlocked(person, record, std::move(key));
      });
}

void App::note_wrong() {
  if (++wrong_ < kFreeTries) return;
  const std::int64_t wait = kFirstWaitMs << std::min(wrong_ - kFreeTries, 10);
  wait_until_ms_ = edges_.clock.monotonic_ms() + std::min(wait, kLongestWaitMs);
}

void App::unlocked(const Person& person, const KeyringRecord& record, Result<PassphraseKey> key) {
  if (!key.ok()) return fail_with(key.error());
  Result<Keyring> keyring = Keyring::unlock(*slots_, edges_.random, stretched(record, *key));
  if (!keyring.ok()) {
    if (keyring.error().code == ErrorCode::Locked) note_wrong();
    return fail_with(keyring.error());
  }
  wrong_ = 0;
  auto session = Session::open(edges_, person.file, *keyring);
  work(person, std::move(keyring).value(), std::move(session));
}

// ---- another passphrase: the present one opens the keyring once more, then the next one closes it

void App::change_passphrase(SecretBytes now, SecretBytes next) {
  if (phase_ != Phase::Working || change_ == PassphraseChange::Busy || locked_for_ms() > 0) return;
  if (flaw_of(as_text(next.view())) != PassphraseFlaw::None) {
    return end_change(fail(ErrorCode::Invalid, "passphrase"));
  }
  const Result<KeyringRecord> record = Keyring::peek(*slots_);
  if (!record.ok()) return end_change(record.error());
  trouble_.reset();
  change_ = PassphraseChange::Busy;
  ++version_;
  const std::uint64_t change = ++changes_;  // locking ends it, whoever unlocks next
  auto kept = std::make_shared<SecretBytes>(std::move(next));  // a function must be copyable
  edges_.stretcher.stretch(
      std::move(now), record->salt, record->cost,
      [this, alive = alive_, change, record = *record, kept](Result<PassphraseKey> key) {
        if (!*alive || change != changes_) return;
        if (!key.ok()) return end_change(key.error());
        Result<Keyring> keyring = Keyring::unlock(*slots_, edges_.random, stretched(record, *key));
        if (!keyring.ok()) {
          if (keyring.error().code == ErrorCode::Locked) note_wrong();
          return end_change(keyring.error());
        }
        wrong_ = 0;
        keyring_.emplace(std::move(keyring).value());
        stretch_fresh(std::move(*kept), [this, change](Result<FreshKey> fresh) {
          if (change != changes_) return;
          if (!fresh.ok()) return end_change(fresh.error());
          end_change(keyring_->change_factors(fresh->cost, fresh->factors()));
        });
      });
}

void App::end_change(const Status& status) {
  change_ = status.ok() ? PassphraseChange::Done : PassphraseChange::Failed;
  trouble_.reset();
  if (!status.ok()) trouble_ = status.error();
  ++version_;
}

void App::work(Person person, Keyring keyring, Result<std::unique_ptr<Session>> session) {
  if (!session.ok()) return fail_with(session.error());
  working_ = std::move(person);
  keyring_.emplace(std::move(keyring));
  session_ = std::move(session).value();
  phase_ = Phase::Working;
  keep_name_plate();
  ++version_;
}

void App::keep_name_plate() {
  const Me& me = session_->me();
  Person plate = working_;
  if (!me.name.empty()) plate.name = me.name;
  if (!me.branch_name.empty()) plate.branch = me.branch_name;
  if (me.role != nullptr) plate.role = me.role->name;
  plate.unsent = session_->replica().pending_count();
  plate_version_ = session_->version();
  if (plate == working_) return;
  // A name plate that cannot be written is no reason to stop the work.
  if (write_person(edges_.pages, plate).ok()) working_ = plate;
}

void App::lock() {
  if (!session_) return;
  keep_name_plate();
  version_ += session_->version();
  session_.reset();
  keyring_.reset();
  change_ = PassphraseChange::None;
  ++changes_;
  trouble_.reset();  // of a change that failed: the door knows nothing of it
  plate_version_ = 0;
  phase_ = Phase::People;
  read_device();
}

std::optional<std::int64_t> App::tick() {
  if (!session_) return {};
  if (session_->reopen()) {
    version_ += session_->version();
    session_.reset();
    auto session = Session::open(edges_, working_.file, *keyring_);
    if (!session.ok()) {
      fail_with(session.error());
      return {};
    }
    session_ = std::move(session).value();
  }
  // Not at every save: the count of unsent changes is a courtesy.
  const bool new_name = session_->me().name != working_.name;
  if (new_name || session_->version() > plate_version_ + 20) keep_name_plate();
  return session_->tick();
}

PassphraseFlaw flaw_of(std::string_view passphrase) {
  constexpr std::size_t kCharactersMin = 12;
  constexpr std::string_view kCommon[] = {"123456", "password", "qwerty", "abcdef", "111111",
                                          "banyan", "woaini",   "000000", "654321", "iloveyou"};
  std::size_t characters = 0;
  std::string lower;
  for (const char c : passphrase) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++characters;
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (characters < kCharactersMin) return PassphraseFlaw::TooShort;
  // A common word may be a part, not most of it.
  for (const std::string_view word : kCommon) {
    std::size_t covered = 0;
    for (std::size_t at = lower.find(word); at != std::string::npos;
         at = lower.find(word, at + word.size())) {
      covered += word.size();
    }
    if (covered * 2 > lower.size()) return PassphraseFlaw::TooCommon;
  }
  const bool one_character = lower.find_first_not_of(lower.front()) == std::string::npos;
  return one_character ? PassphraseFlaw::TooCommon : PassphraseFlaw::None;
}

}  // namespace banyan
