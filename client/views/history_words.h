// Changes of a record as a person reads them.
#pragma once

#include <string>

#include "client/frame.h"
#include "shared/app/history.h"

namespace banyan::ui {

// Who reads: personal data stand as **** until he asks for them.
struct HistoryReader {
  const Session& session;
  const Entity& root;  // of the record whose history this is
  bool personal = false;
};

// "手机", and of a part of the record what it is a part of: "需求·金额".
std::string field_words(const Frame& frame, const HistoryReader& reader,
                        const HistoryChange& change);
// What the cell held; "（空）" for nothing.
std::string state_words(const Frame& frame, const HistoryReader& reader, const Field& field,
                        const CellState& state);
// One line: "手机：138 0013 8000 → 139 0013 9000".
std::string change_words(const Frame& frame, const HistoryReader& reader,
                         const HistoryChange& change);
// The first change and how many more: "新建客户 等 12 项".
std::string item_words(const Frame& frame, const HistoryReader& reader, const HistoryItem& item);
// Who, or which source of data when it was nobody.
std::string author_words(const Frame& frame, const HistoryItem& item);
T words_of(UndoBar bar);

}  // namespace banyan::ui
