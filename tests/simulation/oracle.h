// What must be true, computed from the server's log alone, not by the code that merged it.
// Reads the log line by line, as it grows.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "tests/simulation/world.h"

namespace banyan::sim {

class Oracle {
 public:
  explicit Oracle(World& world);

  // `news`: this line is read for the first time, not once more after a restore.
  void take(const ServerStore::LogEntry& entry, bool news);

  enum class Which { Touched, All };  // since the last call
  void check_rows(Which which);
  // When everybody has synced.
  void check();

 private:
  struct Write {
    std::uint64_t seq = 0;
    std::uint32_t device = 0;
    std::uint64_t seen = 0, hlc = 0;
    std::uint32_t life = 0;
    Value value;
    bool add = false;
    const std::map<std::uint32_t, std::uint64_t>* former = nullptr;  // World::former_, its device's
    bool saw(const Write& w) const {
      if (w.seq >= seq) return false;
      if (w.device == device || w.seq <= seen) return true;
      const auto common = former->find(w.device);
      return common != former->end() && w.seq <= common->second;
    }
  };
  struct Known {
    std::uint64_t created = 0;
    std::uint32_t life = 0;
    std::map<std::uint32_t, std::vector<Write>> cells;
    std::map<std::uint32_t, std::int64_t> sums;
    std::map<std::pair<std::uint32_t, std::int64_t>, std::vector<Write>> elements;
  };
  // Who had what, by sequence: (from, scopes) in order.
  struct Past {
    std::vector<std::pair<std::uint64_t, std::vector<RowId>>> states;
    std::vector<RowId> at(std::uint64_t seq) const;
  };
  struct Person {
    std::int64_t role = 0;
    RowId branch{};
    bool alive = false;
  };

  void read_epochs();
  void take_row(const ServerStore::LogEntry& entry, std::size_t index, std::uint64_t seen);
  void note_ground(const ServerStore::LogEntry& entry, const RowWrite& w, Outcome outcome,
                   bool creates);
  void check_ground();
  void check_order(const ServerStore::LogEntry& entry, bool news);
  void check_access(const ServerStore::LogEntry& entry, std::uint64_t seen);
  static std::optional<Past> scopes_of_new(const Commit& commit);
  bool may_do_some(const Commit& commit, std::int64_t role) const;
  void note_scopes(const ServerStore::LogEntry& entry);
  void note_person(const ServerStore::LogEntry& entry, const RowWrite& w);
  void check_row(const RowKey& key);
  void check_cell(const RowKey& key, const Row& row, const Field& field);
  void check_guarded(const Row& row, std::uint32_t field, const std::vector<Write>& writes);
  void check_set(const Row& row, std::uint32_t field);
  void take_text(Known& known, std::uint32_t field, const Write& write);
  void check_text(const Row& row, std::uint32_t field);
  void check_devices();
  void check_saved();
  void check_outcomes(Device& device);
  void count(const char* what) {
    if (news_) world_.count(what);
  }
  void fail(const std::string& what) { world_.fail_with(what); }

  World& world_;
  bool news_ = false;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> epochs_;
  std::map<RowKey, Known> rows_;
  std::set<RowKey> touched_;
  std::map<std::uint64_t, std::int64_t> restored_ms_;  // by the sequence before it
  // Rows on which work was refused since they were not there; and those that came later.
  std::set<RowKey> refused_early_, came_late_;
  std::set<RowKey> refused_rows_;  // their creation was refused: nothing of them was ever lost
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> devices_;  // dseq, eff
  std::map<RowId, Past> aggregates_, users_;
  std::map<RowId, Person> people_;
  std::map<RowId, std::map<std::uint32_t, RowId>> scopes_;  // aggregate -> field -> scope
  std::uint64_t length_ = 0;
};

}  // namespace banyan::sim
