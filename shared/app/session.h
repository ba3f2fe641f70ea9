// One person's unlocked work: the database, the index over it, and the agent
// that keeps it in step with headquarters. Queries (queries.h) and commands
// (commands.h) take a Session; views keep nothing but one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "shared/app/edges.h"
#include "shared/app/models.h"
#include "shared/app/names.h"
#include "shared/app/remote.h"
#include "shared/app/sync_agent.h"
#include "shared/app/vault.h"
#include "shared/crypto/keyring.h"
#include "shared/storage/replica.h"

namespace banyan {

class Carrying;
class Expressions;
class Index;
class PhotoLane;

// Who is working.
struct Me {
  RowId staff{}, branch{};
  DeviceId device{};
  std::string name, branch_name, organisation;
  const Role* role = nullptr;  // null before the first sync has brought the staff row
  std::int64_t lease_until_ms = 0;

  bool may(const Entity& entity, Right right) const;
};

class Session {
 public:
  // Creates the database of a person who has just enrolled.
  static Result<std::unique_ptr<Session>> create(const Edges& edges, const std::string& file,
                                                 const Keyring& keyring, const Vault& vault);
  // Locked for a wrong key, Newer when a newer version of the app has written
  // it (it is left as it is).
  static Result<std::unique_ptr<Session>> open(const Edges& edges, const std::string& file,
                                               const Keyring& keyring);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Rises with everything that a view may show: read again when it has changed.
  std::uint64_t version() const;

  const Me& me() const;
  const Catalogue& catalogue() const;
  const Names& names() const;
  const SyncStatus& sync_status() const;
  const VerifyKey& organisation_key() const;  // what headquarters signs verifies with it
  SyncAgent& sync();
  Remote& remote();
  PhotoLane& photos() const;
  Carrying& carrying() const;

  // The first complete round is still to come: little or nothing is here yet.
  bool first_sync() const;

  // A disk that failed stops all writing; nothing that was saved is lost.
  const std::optional<Error>& stopped() const;

  // What is due; milliseconds until the next time, nothing when only an event
  // makes work. A new catalogue has arrived when `reopen()` turns true: the
  // owner opens the session anew with the same keys.
  std::optional<std::int64_t> tick();
  bool reopen() const;

  // ---- for queries and commands, not for views

  Replica& replica() const;
  Database& database() const;
  Index& index() const;
  Expressions& expressions() const;
  const Clock& clock() const;
  std::int64_t now_ms() const;  // server time as far as known
  std::int64_t today() const;   // days since 1970-01-01 where the person is
  std::int64_t local_ms(std::int64_t utc_ms) const;
  // A read that failed: logged, and shown as stopped() when the disk is to blame.
  void note(const Error& error) const;
  void changed();  // after a write: tell views, plan a sync

  struct Undo {
    std::vector<Draft> drafts;  // ordinary commits that take the last command back
    std::int64_t until_ms = 0;  // monotonic
  };
  Undo& undo();

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  static Result<std::unique_ptr<Session>> assemble(std::unique_ptr<State> state, Vault vault);
  void read_me();
  void fetch_catalogue();
  void take_new_number();
  void open_channel();
  Status open_carrying(const Vault& vault);
  bool receive_next();

  std::unique_ptr<State> state_;
};

}  // namespace banyan
