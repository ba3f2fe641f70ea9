// What people do on their devices: one draft or a few, in one transaction.
#include <algorithm>

#include "shared/changelog/paragraphs.h"
#include "tests/simulation/world.h"

namespace banyan::sim {

const Role* World::role_on(Device& device) {
  const Row staff = load(device, {kStaff, device.user});
  const bool new_here = device.replica->standing().base == 0;  // it knows no staff yet
  if (!staff.alive() && !new_here) return nullptr;
  return role_named(bank_of(device.bank), new_here ? device.role : int_of(staff.cell(kRole)));
}

// What may be worked on: not what waits to go.
std::vector<RowKey> World::roots_on(Device& device) {
  std::vector<RowKey> ids;
  auto find = device.disk.db->statement(
      "SELECT 3,id FROM customer WHERE id NOT IN (SELECT agg FROM agg WHERE state=1)"
      " UNION ALL SELECT 6,id FROM lead WHERE id NOT IN (SELECT agg FROM agg WHERE state=1)"
      " ORDER BY 1,2");
  while (find.ok() && find->step().value()) {
    ids.emplace_back(static_cast<std::uint32_t>(find->integer(0)), find->row_id(1));
  }
  return ids;
}

// Mostly the oldest few or the newest few, so that people meet there.
RowKey World::one_of(const std::vector<RowKey>& roots, Random& r) {
  constexpr std::uint64_t kFew = 3;
  const std::uint64_t size = roots.size(), few = std::min(size, kFew);
  const std::uint64_t where = r.below(3);
  const std::uint64_t at = where == 0   ? r.below(size)
                           : where == 1 ? r.below(few)
                                        : size - 1 - r.below(few);
  return roots[static_cast<std::size_t>(at)];
}

void World::write_locally(Random& r) {
  Device& d = any_device(r);
  if (d.must_sync || d.retired) return;
  const Status written = write_drafts(d, r);
  if (written.ok()) return;
  if (written.error().code == ErrorCode::Invalid) {
    count("refused locally");
  } else {
    fail_with("I15 a local write fails: " + written.error().detail);
  }
}

// Ok when there was nothing to write.
Status World::write_drafts(Device& d, Random& r) {
  const Role* role = role_on(d);
  const std::vector<RowKey> roots = roots_on(d);
  std::vector<Draft> drafts;
  d.acted = true;
  for (std::uint64_t many = r.below(6) == 0 ? 3 : 1; many > 0 && role != nullptr; --many) {
    if (r.below(12) == 0 && (role->may("lead") & kCreate) != 0 && home_scope(d, *role) != kNoRow) {
      drafts.push_back(new_root(d, *role, r));
    } else if (!roots.empty()) {
      Draft draft = draft_for(d, *role, one_of(roots, r), r);
      if (!draft.rows.empty()) drafts.push_back(std::move(draft));
    }
  }
  if (drafts.empty()) return {};
  TRY_ASSIGN(const auto written, d.replica->write(drafts));
  note_written(index_of(d), written.front().dseq - 1);
  count("local writes", written.size());
  return {};
}

// Where what this person creates belongs.
RowId World::home_scope(Device& d, const Role& role) {
  if (role.scope == "own") return d.user;
  if (role.scope == "all") return kNoRow;
  return row_of(load(d, {kStaff, d.user}).cell(kStaffBranchField));
}

Draft World::new_root(Device& d, const Role& role, Random& r) {
  const RowId id = d.replica->mint();
  const bool lead = r.below(3) == 0;
  Draft draft{id, 0, {}};
  draft.rows.push_back(
      write_of(lead ? kLead : kCustomer, Op::Insert, id,
               {cell(kName, "n" + std::to_string(++written_)),
                cell(role.scope == "branch" ? kHome : kOwner, home_scope(d, role))}));
  if (r.below(2) == 0) {
    draft.rows.push_back(write_of(lead ? kTask : kContact, Op::Insert, d.replica->mint(),
                                  {cell(kName, "k" + std::to_string(++written_))}));
  }
  count("new aggregates");
  return draft;
}

Draft World::draft_for(Device& d, const Role& role, const RowKey& root, Random& r) {
  Draft draft{root.second, 0, {}};
  for (std::uint64_t n = 1 + r.below(3); n > 0; --n) add_write(d, role, root, draft, r);
  return draft;
}

// One row of the aggregate: half of the time its root.
void World::add_write(Device& d, const Role& role, const RowKey& root, Draft& draft, Random& r) {
  const Catalogue& bank = bank_of(d.bank);
  std::vector<const Entity*> children;
  for (const Entity& e : bank.entities()) {
    if (!e.root() && bank.root_of(e).no == root.first && (role.may(e.name) & ~kRead) != 0) {
      children.push_back(&e);
    }
  }
  const Entity* entity = bank.entity(root.first);
  RowId row = root.second;
  if (!children.empty() && r.below(2) == 0) {
    entity = any(children, r);
    std::vector<RowId> rows;
    auto find =
        d.disk.db->statement("SELECT id FROM " + entity->name + " WHERE _agg=?1 ORDER BY 1");
    find->bind(1, root.second);
    while (find.ok() && find->step().value()) rows.push_back(find->row_id(0));
    row = rows.empty() || r.below(4) == 0 || entity->fact ? kNoRow : any(rows, r);
  }
  if ((role.may(entity->name) & ~kRead) == 0) return;
  if (row == kNoRow) {
    const Op op = entity->fact ? Op::Fact : Op::Insert;
    count(entity->fact ? "facts" : "new rows");
    draft.rows.push_back(write_of(entity->no, op, d.replica->mint(),
                                  {cell(kName, "t" + std::to_string(++written_))}));
    return;
  }
  if (auto made = change(d, role, *entity, row, r)) draft.rows.push_back(std::move(*made));
}

std::optional<RowWrite> World::change(Device& d, const Role& role, const Entity& entity, RowId row,
                                      Random& r) {
  const Row now = load(d, {entity.no, row});
  const bool deletes = (role.may(entity.name) & kDelete) != 0;
  if (!now.alive()) {
    if (!now.exists || !deletes) return std::nullopt;
    count("undeletes");
    return write_of(entity.no, Op::Undelete, row);
  }
  if (deletes && r.below(14) == 0) {
    count("deletes");
    return write_of(entity.no, Op::Delete, row);
  }
  std::vector<const Field*> fields;
  for (const Field& f : entity.fields) {
    const bool ours = f.merge <= Merge::Set || f.merge == Merge::Text;
    if (!ours || (f.visible & role.mask) == 0) continue;
    const bool often = f.merge == Merge::Guarded || f.merge == Merge::Text;
    fields.insert(fields.end(), often ? 2 : 1, &f);
  }
  if (fields.empty()) return std::nullopt;
  const Field& field = *any(fields, r);
  Op op = Op::Update;
  if (field.merge == Merge::Set) op = r.below(5) < 3 ? Op::Add : Op::Remove;
  if (field.merge == Merge::Counter) count("deltas");
  if (field.merge == Merge::Text) {
    count("texts written");
    return write_of(entity.no, op, row, {cell(field.no, text_for(whole_text(now, field.no), r))});
  }
  return write_of(entity.no, op, row, {cell(field.no, value_for(field, r))});
}

// A line is changed, taken away, put in or moved: two of these at once.
Value World::text_for(const std::string& text, Random& r) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; !text.empty() && at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t what = lines.empty() ? 3 : r.below(lines.size() > 6 ? 3 : 5);
    const std::size_t at = static_cast<std::size_t>(r.below(lines.size() + 1)) % (lines.size() + 1);
    const std::string line = "line " + std::to_string(r.below(9));
    if (what >= 3) {
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), line);
      continue;
    }
    const auto chosen = lines.begin() + static_cast<std::ptrdiff_t>(at % lines.size());
    if (what == 0) *chosen = line;
    if (what == 1) lines.erase(chosen);
    if (what == 2) std::rotate(lines.begin(), chosen, chosen + 1);
  }
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i > 0 ? "\n" : "") + lines[i];
  return out;
}

Value World::value_for(const Field& field, Random& r) {
  if (field.merge == Merge::Counter) return static_cast<std::int64_t>(1 + r.below(5));
  if (field.merge == Merge::Set) return static_cast<std::int64_t>(r.below(3));
  if (r.below(10) == 0) return std::monostate{};
  const std::uint64_t which = r.below(4);
  if (field.type == FieldType::Int || field.type == FieldType::Date) {
    return static_cast<std::int64_t>(which);
  }
  return "v" + std::to_string(which);
}

}  // namespace banyan::sim
