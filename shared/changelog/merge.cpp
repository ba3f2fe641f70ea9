#include "shared/changelog/merge.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "shared/base/laws.h"
#include "shared/changelog/limits.h"
#include "shared/changelog/paragraphs.h"

namespace banyan {
namespace {

bool fits(FieldType type, const Value& value) {
  if (is_null(value)) return true;
  switch (type) {
    case FieldType::Text:
    case FieldType::Phone:
    case FieldType::IdNumber:
    case FieldType::Blob:
    case FieldType::Hash: return std::holds_alternative<std::string>(value);
    case FieldType::Ref: return std::holds_alternative<RowId>(value);
    default: return std::holds_alternative<std::int64_t>(value);
  }
}

bool decode_text(const Value& value) {
  return is_paragraphs(value) && decode_paragraphs(text_of(value)).ok();
}

// What a cell of kind T says that is known to be well-formed; nothing for other kinds.
std::optional<std::vector<ParagraphWrite>> paragraphs_for(const Entity& entity,
                                                          const CellWrite& cell) {
  const Field* field = entity.field(cell.field);
  if (field == nullptr || field->merge != Merge::Text) return std::nullopt;
  return decode_paragraphs(text_of(cell.value)).value();
}

template <class Iterator>
std::size_t text_size(Iterator at, Iterator end) {
  std::size_t size = 0;
  for (; at != end; ++at) size += text_of(at->value).size();
  return size;
}

// One row operation on its way into one row.
class Merging {
 public:
  Merging(const Entity& entity, const RowWrite& write, WriteContext& context, Row& row,
          std::vector<OpOutcome>& outcomes)
      : entity_(entity), write_(write), context_(context), row_(row), outcomes_(outcomes) {}

  bool create(RowId aggregate);
  bool change();
  bool change_life();
  bool check_command();
  bool refuse(Outcome outcome) {
    note(0, outcome);
    return false;
  }

 private:
  void note(std::uint32_t field, Outcome outcome) {
    if (outcome != Outcome::Ok) outcomes_.push_back({field, outcome});
  }
  Stamp stamp() const { return {write_.life, context_.eff, context_.device}; }
  // The creation names only the cells that it fills; the others are as if new.
  bool written(std::uint32_t field) const {
    return !is_null(row_.cell(field)) || row_.clock.own(field) != nullptr;
  }
  Dot dot() const { return {context_.device, context_.seq}; }
  bool keeps_mine(std::uint32_t field) const {
    return std::any_of(row_.siblings.begin(), row_.siblings.end(),
                       [&](const Sibling& s) { return s.field == field && s.dot == dot(); });
  }

  Outcome permitted(const Field* field, const Value& value) const;
  Outcome apply(const Field& field, const CellWrite& cell);
  Outcome write_register(std::uint32_t field, const Value& value);
  Outcome write_guarded(std::uint32_t field, const Value& value);
  Outcome write_text(std::uint32_t field, const std::vector<ParagraphWrite>& writes);
  void write_paragraph(std::uint32_t field, const ParagraphWrite& write, std::vector<Sibling>& all);
  void count(std::uint32_t field, std::int64_t delta);
  void put_element(std::uint32_t field, std::int64_t element);
  void mark_changed(std::uint32_t field) { row_.clock.set({field, stamp(), context_.seq}); }

  const Entity& entity_;
  const RowWrite& write_;
  WriteContext& context_;
  Row& row_;
  std::vector<OpOutcome>& outcomes_;
};

Outcome Merging::permitted(const Field* field, const Value& value) const {
  if (field == nullptr || !field->stored() || !fits(field->type, value)) return Outcome::Malformed;
  const bool creates = write_.op == Op::Insert || write_.op == Op::Fact;
  const bool element = write_.op == Op::Add || write_.op == Op::Remove;
  if (element != (field->merge == Merge::Set)) return Outcome::Malformed;
  const bool number = std::holds_alternative<std::int64_t>(value);
  if (field->merge == Merge::Counter && !number) return Outcome::Malformed;
  if (element && !number && !std::holds_alternative<RowId>(value)) return Outcome::Malformed;
  if (field->merge == Merge::Text && !(creates && is_null(value)) && !decode_text(value)) {
    return Outcome::Malformed;
  }
  if (context_.server) return Outcome::Ok;
  if (field->merge == Merge::Derived) return Outcome::NotYours;
  if (field->merge != Merge::Machine) return Outcome::Ok;
  if (!creates) return Outcome::NotYours;
  // Rows begin in the first state, whoever makes them.
  const bool state = field->name == entity_.machine.field && !is_null(value);
  const Choice* first = state ? first_state(*field) : nullptr;
  if (first != nullptr && int_of(value) != first->no) return Outcome::NotYours;
  return Outcome::Ok;
}

bool Merging::create(RowId aggregate) {
  if (row_.exists && !broken(Law::IdTaken)) {
    const bool again = row_.clock.base.device == context_.device &&
                       row_.clock.base_seq == context_.seq && row_.aggregate == aggregate;
    return again ? false : refuse(Outcome::IdTaken);
  }
  row_ = Row{};
  row_.entity = write_.entity;
  row_.id = write_.row;
  row_.aggregate = aggregate;
  row_.exists = true;
  row_.clock.life = row_.clock.base = stamp();
  row_.clock.life_seq = row_.clock.base_seq = context_.seq;
  row_.cells.reserve(write_.cells.size());
  for (const CellWrite& cell : write_.cells) {
    const Outcome outcome = permitted(entity_.field(cell.field), cell.value);
    note(cell.field, outcome);
    // Null says nothing: the cell counts as never written.
    if (outcome != Outcome::Ok || is_null(cell.value)) continue;
    if (const auto text = paragraphs_for(entity_, cell)) {
      note(cell.field, write_text(cell.field, *text));
    } else {
      row_.set_cell(cell.field, cell.value);
    }
  }
  return true;
}

bool Merging::change() {
  bool changed = false;
  // A life that is not here yet: its undelete was lost when the server was
  // restored. Its author saw it, so it was.
  if (write_.life > row_.clock.life.life) {
    row_.clock.life = stamp();
    row_.clock.life_seq = context_.seq;
    changed = true;
  }
  for (const CellWrite& cell : write_.cells) {
    const Field* field = entity_.field(cell.field);
    Outcome outcome = permitted(field, cell.value);
    if (outcome == Outcome::Ok) {
      outcome = apply(*field, cell);
      // A value that is not shown may be kept beside the one that is.
      const bool shown = outcome != Outcome::Lost && !rejected(outcome);
      changed |= shown || keeps_mine(cell.field);
    }
    note(cell.field, outcome);
  }
  if (!row_.alive()) note(0, Outcome::DeadRow);
  return changed;
}

Outcome Merging::apply(const Field& field, const CellWrite& cell) {
  switch (field.merge) {
    case Merge::Guarded: return write_guarded(field.no, cell.value);
    case Merge::Counter: count(field.no, int_of(cell.value)); return Outcome::Ok;
    case Merge::Set: put_element(field.no, int_of(cell.value)); return Outcome::Ok;
    case Merge::Text: return write_text(field.no, *decode_paragraphs(text_of(cell.value)));
    default: return write_register(field.no, cell.value);
  }
}

Outcome Merging::write_register(std::uint32_t field, const Value& value) {
  const CellClock before = row_.clock.of(field);
  const bool written = this->written(field);
  if (written && write_.life == before.stamp.life && context_.saw(before.dot()) &&
      stamp() <= before.stamp && !broken(Law::CausalOrder)) {
    context_.eff = before.stamp.hlc + 1;  // what I saw never beats me
  }
  // Concurrent and older, or of an older life of the row.
  if (written && stamp() <= before.stamp) return Outcome::Lost;
  row_.clock.set({field, stamp(), context_.seq});
  row_.set_cell(field, value);
  return Outcome::Ok;
}

Outcome Merging::write_guarded(std::uint32_t field, const Value& value) {
  const CellClock before = row_.clock.of(field);
  const bool written = this->written(field);
  // An edit of an older life must not touch the siblings of the newer one.
  if (written && write_.life < before.stamp.life && !broken(Law::SiblingsLife)) {
    return Outcome::Lost;
  }

  auto& all = row_.siblings;
  const auto first =
      std::find_if(all.begin(), all.end(), [&](const Sibling& s) { return s.field >= field; });
  const auto last =
      std::find_if(first, all.end(), [&](const Sibling& s) { return s.field > field; });
  const bool one_value = first == last;
  if (one_value && (!written || context_.saw(before.dot()) || before.stamp.life < write_.life ||
                    broken(Law::Siblings))) {
    return write_register(field, value);  // what there was is covered
  }
  std::vector<Sibling> kept(std::make_move_iterator(first), std::make_move_iterator(last));
  if (one_value) {
    kept.push_back({field, 0, before.dot(), before.stamp.life, before.stamp.hlc, row_.cell(field)});
  }
  std::erase_if(kept, [&](const Sibling& s) {
    return context_.saw(s.dot) || s.life < write_.life || broken(Law::SiblingsSeen);
  });
  const Outcome shown = write_register(field, value);
  const Sibling mine{field, 0, dot(), write_.life, stamp().hlc, value};
  kept.insert(
      std::find_if(kept.begin(), kept.end(), [&](const Sibling& s) { return s.dot > mine.dot; }),
      mine);
  auto at = all.erase(first, last);
  if (kept.size() > 1) {
    all.insert(at, std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()));
  }
  return in_conflict(row_, field) ? Outcome::Sibling : shown;
}

// Lives of the row do not count here, as for a set: what a paragraph became is a matter of who
// saw what. (A clearing of a newer life would have to be remembered to undo an older one's edit.)
Outcome Merging::write_text(std::uint32_t field, const std::vector<ParagraphWrite>& writes) {
  const auto of_field = [&](const Sibling& s) { return s.field == field; };
  const auto first = std::find_if(row_.siblings.begin(), row_.siblings.end(),
                                  [&](const Sibling& s) { return s.field >= field; });
  const auto last = std::find_if_not(first, row_.siblings.end(), of_field);
  std::vector<Sibling> all(first, last);
  for (const ParagraphWrite& write : writes) write_paragraph(field, write, all);
  const auto count = static_cast<std::size_t>(last - first);
  const std::size_t bytes = text_size(all.begin(), all.end());
  if ((all.size() > kTextSiblingsMax && all.size() > count) ||
      (bytes > kTextSizeMax && bytes > text_size(first, last))) {
    return Outcome::Full;
  }
  const auto at = row_.siblings.erase(first, last);
  row_.siblings.insert(at, std::make_move_iterator(all.begin()),
                       std::make_move_iterator(all.end()));
  row_.set_cell(field, shown_text(row_, field));
  mark_changed(field);
  return in_conflict(row_, field) ? Outcome::Sibling : Outcome::Ok;
}

void Merging::write_paragraph(std::uint32_t field, const ParagraphWrite& write,
                              std::vector<Sibling>& all) {
  std::erase_if(all, [&](const Sibling& s) {
    return s.element == write.element && (context_.saw(s.dot) || broken(Law::Paragraphs));
  });
  if (is_null(write.value)) return;
  const Sibling mine{field, write.element, dot(), 1, context_.eff, write.value};
  const auto key = [](const Sibling& s) { return std::tie(s.element, s.dot); };
  all.insert(
      std::find_if(all.begin(), all.end(), [&](const Sibling& s) { return key(s) > key(mine); }),
      mine);
}

void Merging::count(std::uint32_t field, std::int64_t delta) {
  // Unsigned, so that an absurd sum wraps alike everywhere.
  const auto sum =
      static_cast<std::uint64_t>(int_of(row_.cell(field))) + static_cast<std::uint64_t>(delta);
  row_.set_cell(field, static_cast<std::int64_t>(sum));
  mark_changed(field);
}

void Merging::put_element(std::uint32_t field, std::int64_t element) {
  auto& all = row_.siblings;
  std::erase_if(all, [&](const Sibling& s) {
    const bool unseen = broken(write_.op == Op::Add ? Law::EveryAdd : Law::AddWins);
    return s.field == field && s.element == element && (context_.saw(s.dot) || unseen);
  });
  if (write_.op == Op::Add) {
    const Sibling mine{field, element, dot(), 1, 0, {}};
    const auto key = [](const Sibling& s) { return std::tie(s.field, s.element, s.dot); };
    all.insert(
        std::find_if(all.begin(), all.end(), [&](const Sibling& s) { return key(s) > key(mine); }),
        mine);
  }
  mark_changed(field);
}

bool Merging::change_life() {
  if (!write_.cells.empty()) return refuse(Outcome::Malformed);
  const bool later =
      broken(Law::CausalLength) ? context_.eff > row_.clock.life.hlc : stamp() > row_.clock.life;
  if (later) {
    row_.clock.life = stamp();
    row_.clock.life_seq = context_.seq;
    return true;
  }
  // Two who delete the same row wanted the same.
  if (write_.life != row_.clock.life.life) note(0, Outcome::Lost);
  return false;
}

// It asks for at least one state, says which one it saw, and brings plain values along. What
// becomes of it the server decides.
bool Merging::check_command() {
  std::size_t steps = 0;
  for (const CellWrite& cell : write_.cells) {
    const Field* field = entity_.field(cell.field);
    if (field == nullptr || !field->stored() || !fits(field->type, cell.value)) {
      return refuse(Outcome::Malformed);
    }
    switch (field->merge) {
      case Merge::Machine:
        if (!cell.replaced) return refuse(Outcome::Malformed);
        ++steps;
        break;
      case Merge::Register:
      case Merge::Guarded:
      case Merge::Derived: break;
      case Merge::Counter:
      case Merge::Set:
      case Merge::Text:
      case Merge::Computed: return refuse(Outcome::Malformed);
    }
  }
  if (steps == 0 || steps > kStepsMax) return refuse(Outcome::Malformed);
  if (!row_.alive()) note(0, Outcome::DeadRow);
  return false;
}

// Whether operation, kind of entity and life go together.
bool well_formed(const Entity& entity, const RowWrite& write, RowId aggregate) {
  if (write.entity != entity.no) return false;
  const bool odd = write.life % 2 == 1;
  switch (write.op) {
    case Op::Insert:
    case Op::Fact:
      return entity.fact == (write.op == Op::Fact) && write.life == 1 &&
             entity.root() == (write.row == aggregate);
    case Op::Update:
    case Op::Add:
    case Op::Remove:
    case Op::Command: return !entity.fact && odd;
    case Op::Delete: return !entity.fact && !odd && write.life > 0;
    case Op::Undelete: return !entity.fact && odd && write.life > 1;
  }
  return false;
}

}  // namespace

bool merge(const Entity& entity, RowId aggregate, const RowWrite& write, WriteContext& context,
           Row& row, std::vector<OpOutcome>& outcomes) {
  Merging merging(entity, write, context, row, outcomes);
  if (!well_formed(entity, write, aggregate)) return merging.refuse(Outcome::Malformed);
  if (write.op == Op::Insert || write.op == Op::Fact) return merging.create(aggregate);
  // A row of another aggregate is not there: the author's rights to it were not asked.
  if (!row.exists || row.aggregate != aggregate || row.entity != write.entity) {
    return merging.refuse(Outcome::NoRow);
  }
  // What mirrors a row of another aggregate follows that row alone.
  const Field* of = entity.mirror.of.empty() ? nullptr : entity.field(entity.mirror.of);
  if (of != nullptr && !context.server && !is_null(row.cell(of->no))) {
    return merging.refuse(Outcome::NotYours);
  }
  if (write.op == Op::Command) return merging.check_command();
  if (write.op == Op::Delete || write.op == Op::Undelete) return merging.change_life();
  return merging.change();
}

bool in_conflict(const Row& row, std::uint32_t field) {
  const Sibling* first = nullptr;
  for (const Sibling& sibling : row.siblings) {
    if (sibling.field != field) continue;
    // Of two moves of a paragraph the later one counts: nobody needs to decide.
    const bool place = (sibling.element & 1) != 0;
    if (first == nullptr || first->element != sibling.element) first = &sibling;
    if (!place && sibling.value != first->value) return true;
  }
  return false;
}

}  // namespace banyan
