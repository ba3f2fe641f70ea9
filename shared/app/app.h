// The app as a whole: who is on this device, unlocking, enrolling, and the
// session of the one person who is working.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/app/edges.h"
#include "shared/app/person_files.h"
#include "shared/app/session.h"
#include "shared/crypto/keyring_file.h"

namespace banyan {

class App {
 public:
  enum class Phase : std::uint8_t {
    People,     // choose a person, or enrol a new one
    Unlocking,  // the passphrase is being tried
    Enrolling,
    Working,  // session() is there
  };

  // Reads who is on this device. crypto_init() must have succeeded.
  explicit App(Edges edges);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  Phase phase() const { return phase_; }
  const std::vector<Person>& people() const { return people_; }
  Session* session() { return session_.get(); }
  const Edges& edges() const { return edges_; }

  // Why the last attempt to unlock, enrol or read the device failed. Cleared by
  // the next one.
  const std::optional<Error>& trouble() const { return trouble_; }
  // Wrong passphrases make the next attempt wait: milliseconds left, or 0.
  std::int64_t locked_for_ms() const;

  // `typed` is a code as typed, or what stands behind '#' in an enrolment link.
  // Invalid for a code or a passphrase that cannot be; nothing is sent then. Conflict: this is
  // practice, and the server's bank is a real one; the code is still good.
  void enrol(std::string_view typed, SecretBytes passphrase);
  void unlock(const Person& person, SecretBytes passphrase);
  // While working: afterwards `next` opens this person's data, and `now` does not. Counts as an
  // attempt to unlock when `now` is wrong. Ends in passphrase_change() Done, or Failed with
  // trouble(): Locked for a wrong `now`, Invalid for a `next` that cannot be. Cut off anywhere,
  // one of the two opens.
  enum class PassphraseChange : std::uint8_t { None, Busy, Done, Failed };
  void change_passphrase(SecretBytes now, SecretBytes next);
  PassphraseChange passphrase_change() const { return change_; }
  // Closes the database and forgets the keys. Everything saved stays.
  void lock();

  // Does what is due; milliseconds until the next time, nothing when only an
  // event makes work.
  std::optional<std::int64_t> tick();

  // Rises with everything that a view may show.
  std::uint64_t version() const { return version_ + (session_ ? session_->version() : 0); }

 private:
  struct FreshKey;
  struct Enrolment;
  void read_device();
  void fail_with(Error error);
  void send_enrolment();
  void enrolled(const Result<HttpReply>& reply);
  void fetch_packs();
  void finish_enrolment(const Result<HttpReply>& reply);
  void unlocked(const Person& person, const KeyringRecord& record, Result<PassphraseKey> key);
  void note_wrong();
  void stretch_fresh(SecretBytes passphrase, std::function<void(Result<FreshKey>)> done);
  void end_change(const Status& status);
  void work(Person person, Keyring keyring, Result<std::unique_ptr<Session>> session);
  void keep_name_plate();

  Edges edges_;
  Phase phase_ = Phase::People;
  std::vector<Person> people_;
  Person working_;
  std::unique_ptr<KeyringFile> slots_;
  std::optional<Keyring> keyring_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Enrolment> enrolment_;
  std::optional<Error> trouble_;
  PassphraseChange change_ = PassphraseChange::None;
  std::uint64_t changes_ = 0;  // the answer to an earlier change is too late
  std::uint64_t version_ = 1;
  std::uint64_t plate_version_ = 0;
  int wrong_ = 0;
  std::int64_t wait_until_ms_ = 0;  // monotonic
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// Why a passphrase is not good enough.
enum class PassphraseFlaw : std::uint8_t { None, TooShort, TooCommon };
PassphraseFlaw flaw_of(std::string_view passphrase);

}  // namespace banyan
