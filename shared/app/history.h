// A record's history, as a time line: every commit that changed it, with each value as it was
// before and after. Headquarters' log has all of it; without a network this device shows the newest
// change of every cell, which is what it has.
//
// Before and after come from replaying the log through the merge itself (changelog/merge.h), so
// they are what everybody saw, whatever order things arrived in.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/app/models.h"
#include "shared/app/session.h"
#include "shared/changelog/row.h"
#include "shared/sync/history.h"

namespace banyan {

CellState cell_state(const Row& row, const Field& field);

// Newest first, like `history`, which may be the joined pages of one aggregate: all of them, or the
// newest ones; what an unknown older one wrote is not known then. Provenance::author and
// device_name stay empty.
std::vector<HistoryItem> replay(const Catalogue& catalogue, const sync::History& history);

// What this device knows by itself: the newest change of every cell, newest first.
std::vector<HistoryItem> history_here(const Session& session, RowId aggregate,
                                      std::size_t count_max);

class RecordHistory {
 public:
  enum class State : std::uint8_t {
    Here,    // what this device knows
    Asking,  // the same, while headquarters is asked
    Whole,   // everything that this person may read
    Part,    // the newest kEntriesMax of it
  };
  static constexpr std::size_t kEntriesMax = 10'000;

  // The session must outlive this object.
  RecordHistory(Session& session, RowId aggregate);
  ~RecordHistory() { *alive_ = false; }
  RecordHistory(const RecordHistory&) = delete;
  RecordHistory& operator=(const RecordHistory&) = delete;

  RowId aggregate() const { return history_.aggregate; }
  // Asks headquarters for what is new since the last time. Does nothing while it is asked.
  void ask();
  State state() const { return state_; }
  std::size_t entries() const { return history_.entries.size(); }  // that have come so far
  // Why the last asking failed: Unavailable without a network.
  const std::optional<Error>& trouble() const { return trouble_; }

  // Newest first; own changes that headquarters does not have yet among them. Read anew when the
  // session's version or the state has changed.
  const std::vector<HistoryItem>& items();
  std::uint64_t reading() const { return reading_; }  // rises with each reading

 private:
  void ask_before(std::uint64_t before);
  Result<std::uint64_t> take(const Result<HttpReply>& reply, std::uint64_t before);
  void finish(std::optional<Error> trouble);
  Result<std::vector<sync::HistoryEntry>> pending() const;

  Session& session_;
  sync::History history_;                     // newest first, without gaps
  std::vector<sync::HistoryEntry> arriving_;  // newer than those
  std::uint32_t epoch_ = 0;                   // of the server, whose sequences these are
  bool part_ = false;                         // there are older ones
  State state_ = State::Here;
  std::optional<Error> trouble_;
  std::vector<HistoryItem> items_;
  std::uint64_t version_ = ~std::uint64_t{0};
  std::uint64_t reading_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// ---- taking a change back

// Why a part of it cannot be taken back.
enum class UndoBar : std::uint8_t {
  None,
  Newer,    // something newer lies over it
  Role,     // not for this person's role
  Kept,     // evidence, and whole records of their own, are corrected, not taken back
  Decided,  // headquarters decides this field, and he may not ask; or asked already
  Unknown,  // what was there before is not known here
  Gone,     // the record is not on this device
};

// What would be written. Pure but for reading rows: nothing has happened yet.
struct TakingBack {
  std::vector<RowWrite> back;   // commands among them where headquarters decides
  std::vector<RowWrite> again;  // takes that back
  bool asks = false;            // headquarters decides on a part of it
  int parts = 0;                // that can be taken back
  int newer = 0;                // that could with `over_newer`
  UndoBar bar{};                // of the first other part that cannot
};

// By an ordinary commit that writes what was there before. `over_newer`: also where something newer
// lies over it, which it replaces; for plain values only.
TakingBack plan_taking_back(Session& session, const HistoryItem& item, bool over_newer);
// Refused when there is nothing that can be taken back.
Status take_back(Session& session, RowId aggregate, const HistoryItem& item, bool over_newer);

}  // namespace banyan
