// Puts a draft together by field names: for shared/app's own sources.
#pragma once

#include <string_view>

#include "shared/app/session.h"
#include "shared/sync/store.h"

namespace banyan {

// One row of a draft. A field that the catalogue does not have is an assertion:
// the names are ours. Null values are left out of a new row.
class RowDraft {
 public:
  RowDraft(const Entity& entity, Op op, RowId row) : entity_(entity) {
    write_.entity = entity.no;
    write_.op = op;
    write_.row = row;
  }
  RowDraft& set(std::string_view field, Value value);
  RowDraft& set(const Field& field, Value value);
  RowWrite take() { return std::move(write_); }
  RowId id() const { return write_.row; }

 private:
  const Entity& entity_;
  RowWrite write_;
};

// A new row: a fact or a record, as the entity says.
RowDraft new_row(Session& session, const Entity& entity);

// Writes, remembers how to take it back, tells the views. `undo` empty: cannot
// be taken back.
Status write(Session& session, std::vector<Draft> drafts, std::vector<Draft> undo);

}  // namespace banyan
