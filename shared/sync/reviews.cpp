// A state machine over an ordinary field guards its author only: he moves from the state that he
// sees. Two who move a record at once may leave it in a state to which no move leads. Nobody is
// held up by that: the later write counts, as for every field, and a person gets a task to look.
#include <algorithm>

#include "shared/base/date.h"
#include "shared/base/text.h"
#include "shared/sync/ingest.h"

namespace banyan::sync {
namespace {

// What a pack calls the work list; without it the commit's flag alone says what happened.
constexpr std::string_view kTaskEntity = "task";

struct Filling {
  const Entity& entity;
  RowWrite& write;

  void set(std::string_view name, Value value) {
    const Field* field = entity.field(name);
    if (field != nullptr && !is_null(value)) write.cells.push_back({field->no, value, {}});
  }
  void choose(std::string_view name, std::string_view choice) {
    const Field* field = entity.field(name);
    const Choice* found = field == nullptr ? nullptr : field->choice(choice);
    if (found != nullptr) set(name, Value{found->no});
  }
};

Value cell_named(const Entity& entity, const Row& row, std::string_view name) {
  const Field* field = entity.field(name);
  return field == nullptr ? Value{} : row.cell(field->no);
}

}  // namespace

const Field* ordinary_state(const Entity& entity) {
  const Field* field = entity.machine.field.empty() ? nullptr : entity.field(entity.machine.field);
  return field == nullptr || field->merge == Merge::Machine ? nullptr : field;
}

Status Ingest::open_review(const Entity& entity, const Row& row) {
  const Entity* task = catalogue_.entity(kTaskEntity);
  const Field* title = task == nullptr ? nullptr : task->field("title");
  const Field* about = task == nullptr ? nullptr : task->field("customer");
  if (title == nullptr || about == nullptr) return {};
  const Entity& root = catalogue_.root_of(entity);
  TRY_ASSIGN(const Row* top, peek(root.no, row.aggregate));
  RowWrite write{task->no, Op::Insert, mint_(), 1, {}};
  Filling filling{*task, write};
  const Field* kind = task->field("kind");
  const Choice* review = kind == nullptr ? nullptr : kind->choice("review");
  std::string words = (review == nullptr ? std::string() : review->label.zh + "：") +
                      entity.label.zh + " " + text_of(cell_named(root, *top, root.title));
  filling.set("title", Value{std::string(utf8_prefix(words, title->length_max))});
  const Value customer =
      root.name == about->ref ? Value{top->id} : cell_named(root, *top, about->name);
  filling.set("customer", customer);
  const Value owner = cell_named(root, *top, "owner");
  filling.set("owner", is_null(owner) ? Value{author_.user} : owner);
  filling.set("branch", cell_named(root, *top, "branch"));
  filling.set("due_on", Value{now_ms_ / kDayMs});
  filling.choose("state", "open");
  filling.choose("kind", "review");
  filling.choose("source", "rule");
  std::sort(write.cells.begin(), write.cells.end(),
            [](const CellWrite& a, const CellWrite& b) { return a.field < b.field; });
  const RowId id = write.row;
  decisions_.push_back({Draft{id, 0, {std::move(write)}}, {}});
  return {};
}

}  // namespace banyan::sync
