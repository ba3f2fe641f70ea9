// Everything a person can do. A command has succeeded when it returns: the
// change is durable on this device, signed and waiting to be sent. After
// StorageFull or Invalid nothing has changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/app/form.h"
#include "shared/app/models.h"
#include "shared/app/session.h"
#include "shared/base/place.h"
#include "shared/crypto/hash.h"

namespace banyan {

struct Photo {
  Hash256 hash;
  std::int64_t size = 0;               // bytes
  std::int64_t width = 0, height = 0;  // pixels
  std::int64_t taken_ms = 0;
};

// Keeps the picture, encrypted, on this device; it is sent apart from the log.
Result<Photo> add_photo(Session& session, ByteView jpeg, std::int64_t width, std::int64_t height);
// NotFound when it is not on this device; PhotoLane::fetch brings it.
Result<Bytes> read_photo(Session& session, const Hash256& hash);

struct VisitReport {
  RowId plan{};  // kNoRow: unplanned
  RowId customer{};
  std::int64_t purpose = 0, outcome = 0;  // choice numbers
  RowId product{};                        // that was talked about; kNoRow: none
  std::string note;
  std::int64_t arrived_ms = 0;
  Place place;
  std::int64_t accuracy_m = 0;  // 0: no place known
  std::vector<Photo> photos;
  std::string next_step;  // makes a task when not empty
  std::int64_t next_day = kNoDay;
};

// The visit, its photos, the plan that is done and the next task: all or nothing.
Result<RowId> save_visit(Session& session, const VisitReport& report);
// `minute` after midnight, -1 for any time.
Result<RowId> plan_visit(Session& session, RowId customer, std::int64_t purpose, std::int64_t day,
                         std::int64_t minute);
// A call, a chat, a note. `channel` and `direction` are choice numbers; `product` may be kNoRow.
Result<RowId> add_interaction(Session& session, RowId customer, std::int64_t channel,
                              std::int64_t direction, std::string_view text,
                              RowId product = kNoRow);
// `customer` may be kNoRow.
Result<RowId> add_task(Session& session, RowId customer, std::string_view title,
                       std::int64_t due_day);
Status set_task_done(Session& session, RowId task, bool done);
Status set_tag(Session& session, RowId customer, RowId tag, bool on);

// Chooses a value for a guarded cell or a paragraph in conflict, or a new one. The others stay
// in the log.
Status resolve_conflict(Session& session, const ConflictItem& conflict, const Value& value);

// Takes the newest command back by an ordinary commit, for as long as the toast
// shows. NotFound when there is nothing to take back.
bool can_undo(Session& session);
Status undo(Session& session);

}  // namespace banyan
