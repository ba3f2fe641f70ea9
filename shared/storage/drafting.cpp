#include "shared/storage/drafting.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "shared/changelog/codec.h"
#include "shared/changelog/paragraphs.h"

namespace banyan {
namespace {

std::string name_of(const RowWrite& write) {
  return "entity " + std::to_string(write.entity) + " row " + std::to_string(number(write.row));
}

bool sets_values(Op op) { return op == Op::Insert || op == Op::Update; }
bool of_set(Op op) { return op == Op::Add || op == Op::Remove; }

CellWrite* find_cell(RowWrite& write, std::uint32_t field) {
  const auto at = std::find_if(write.cells.begin(), write.cells.end(),
                               [&](const CellWrite& c) { return c.field == field; });
  return at == write.cells.end() ? nullptr : &*at;
}

void join_value(RowWrite& into, const CellWrite& cell, const Entity& entity) {
  CellWrite* there = find_cell(into, cell.field);
  if (there == nullptr) {
    into.cells.push_back(cell);
    return;
  }
  const Field* field = entity.field(cell.field);
  if (field != nullptr && field->merge == Merge::Counter) {
    there->value = int_of(there->value) + int_of(cell.value);
  } else {
    there->value = cell.value;
  }
}

// One element of a set: the last word counts, and a write holds a field once.
void join_element(std::vector<RowWrite>& out, const RowWrite& write, const CellWrite& cell) {
  for (RowWrite& there : out) {
    if (there.entity != write.entity || there.row != write.row || !of_set(there.op)) continue;
    std::erase_if(there.cells, [&](const CellWrite& c) {
      return c.field == cell.field && int_of(c.value) == int_of(cell.value);
    });
  }
  for (RowWrite& there : out) {
    if (there.entity == write.entity && there.row == write.row && there.op == write.op &&
        find_cell(there, cell.field) == nullptr) {
      there.cells.push_back(cell);
      return;
    }
  }
  RowWrite single = write;
  single.cells = {cell};
  out.push_back(std::move(single));
}

std::vector<RowWrite> join(const Catalogue& catalogue, std::span<const RowWrite> rows) {
  std::vector<RowWrite> out;
  for (const RowWrite& write : rows) {
    if (of_set(write.op)) {
      for (const CellWrite& cell : write.cells) join_element(out, write, cell);
      continue;
    }
    const Entity& entity = *catalogue.entity(write.entity);
    RowWrite* into = nullptr;
    if (write.op == Op::Update) {
      for (RowWrite& there : out) {
        const bool same = there.entity == write.entity && there.row == write.row;
        if (same && sets_values(there.op)) into = &there;
      }
    }
    if (into == nullptr) {
      out.push_back(write);
      out.back().cells.clear();
      into = &out.back();
    }
    for (const CellWrite& cell : write.cells) join_value(*into, cell, entity);
  }
  std::erase_if(out, [](const RowWrite& w) { return of_set(w.op) && w.cells.empty(); });
  for (RowWrite& write : out) {
    std::sort(write.cells.begin(), write.cells.end(),
              [](const CellWrite& a, const CellWrite& b) { return a.field < b.field; });
  }
  return out;
}

// A text as people write it becomes what is new in its paragraphs; who has worked that out already
// (app/form.h does, from the text that the person saw) says it so.
void split_texts(RowWrite& write, const Entity& entity, const Row& row) {
  for (CellWrite& cell : write.cells) {
    const Field* field = entity.field(cell.field);
    const bool text = field != nullptr && field->merge == Merge::Text;
    if (!text || is_paragraphs(cell.value)) continue;
    const auto changes = paragraph_changes(row, cell.field, text_of(cell.value));
    cell.value = changes.empty() ? Value{} : Value{encode_paragraphs(changes)};
  }
  std::erase_if(write.cells, [&](const CellWrite& cell) {
    const Field* field = entity.field(cell.field);
    return field != nullptr && field->merge == Merge::Text && is_null(cell.value);
  });
}

Status fill_in(RowWrite& write, const Entity& entity, const Row& row, std::uint32_t& life) {
  const bool alive = life % 2 == 1;
  switch (write.op) {
    case Op::Insert:
    case Op::Fact:
      life = write.life = 1;
      split_texts(write, entity, row);
      return {};
    case Op::Delete:
    case Op::Undelete:
      if (life == 0 || alive != (write.op == Op::Delete)) {
        return fail(ErrorCode::Invalid, name_of(write) + " cannot be deleted or brought back");
      }
      write.life = ++life;
      return {};
    case Op::Update:
    case Op::Add:
    case Op::Remove:
    case Op::Command: break;
  }
  if (!alive) return fail(ErrorCode::Invalid, name_of(write) + " is not there or is deleted");
  write.life = life;
  if (write.op == Op::Update) split_texts(write, entity, row);
  for (CellWrite& cell : write.cells) {
    const Field* field = entity.field(cell.field);
    // What a command saw is what it expects.
    if (of_set(write.op) || field == nullptr) continue;
    const bool told = write.op == Op::Command
                          ? field->merge == Merge::Machine
                          : field->merge == Merge::Guarded || field->merge == Merge::Text;
    if (!told) continue;
    cell.replaced = digest_of(row.cell(cell.field));
  }
  return {};
}

}  // namespace

Result<std::vector<RowWrite>> complete_rows(const Catalogue& catalogue,
                                            std::span<const RowWrite> rows,
                                            const RowLookup& lookup) {
  for (const RowWrite& write : rows) {
    if (catalogue.entity(write.entity) == nullptr) {
      return fail(ErrorCode::Invalid, "unknown " + name_of(write));
    }
  }
  std::vector<RowWrite> out = join(catalogue, rows);
  std::map<std::pair<std::uint32_t, RowId>, std::uint32_t> lives;
  std::set<std::pair<std::uint32_t, RowId>> idle;
  for (RowWrite& write : out) {
    TRY_ASSIGN(const Row* row, lookup(write.entity, write.row));
    const auto [at, first] = lives.try_emplace({write.entity, write.row}, row->clock.life.life);
    if (first && !row->exists) at->second = 0;
    const bool said = !write.cells.empty();
    TRY(fill_in(write, *catalogue.entity(write.entity), *row, at->second));
    if (said && write.cells.empty() && write.op == Op::Update)
      idle.insert({write.entity, write.row});
  }
  // A text that is as it was.
  std::erase_if(out, [&](const RowWrite& w) {
    return w.op == Op::Update && w.cells.empty() && idle.contains({w.entity, w.row});
  });
  return out;
}

}  // namespace banyan
