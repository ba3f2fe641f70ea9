#include "shared/sync/ingest.h"

#include <algorithm>

#include "shared/base/laws.h"
#include "shared/changelog/fold.h"

namespace banyan::sync {
namespace {

// A clock this far behind the server's at `seen` cannot be right.
constexpr std::int64_t kBehindMs = 60 * 1000;

}  // namespace

std::uint64_t map_seen(std::span<const Epoch> epochs, std::uint32_t epoch, std::uint64_t seen,
                       std::uint64_t head) {
  auto at =
      std::find_if(epochs.begin(), epochs.end(), [&](const Epoch& e) { return e.epoch == epoch; });
  if (at == epochs.end()) return 0;
  for (++at; at != epochs.end(); ++at) seen = std::min(seen, at->base);
  return std::min(seen, head);
}

bool misses_lost_ground(const Commit& commit, std::uint32_t epoch, const CommitOutcome& outcome) {
  if (commit.epoch == 0 || commit.epoch == epoch) return false;
  return (outcome.flags & kJumped) != 0 ||
         std::any_of(outcome.ops.begin(), outcome.ops.end(), [](const CommitOutcome::Op& op) {
           return op.outcome == Outcome::NoRow || op.outcome == Outcome::NoAccess ||
                  op.outcome == Outcome::StateMoved;
         });
}

Result<CommitOutcome> Ingest::take(const Commit& commit, std::uint64_t dseq, std::uint64_t seq) {
  CommitOutcome outcome;
  outcome.dseq = dseq;
  seen_ = map_seen(epochs_, commit.epoch, commit.seen, seq - 1);
  if (!author_.server && seen_ < gate_.horizon) {
    if (!gate_.open) held_ = ParkReason::BelowHorizon;
    // Who let it in has seen what is there.
    seen_ = outcome.seen = gate_.horizon;
    outcome.flags |= kLetIn;
  }
  const std::uint64_t latest = static_cast<std::uint64_t>(now_ms_ + kClockSkewMsMax) << 16;
  WriteContext context;
  context.device = author_.device;
  context.seq = seq;
  context.seen = seen_;
  context.eff =
      std::max(std::min(commit.hlc, latest), broken(Law::RisingStamps) ? 0 : author_.eff + 1);
  context.server = author_.server;
  if (!broken(Law::FormerNumbers)) context.former = author_.former;

  TRY_ASSIGN(const Plan plan, this->plan(commit));
  TRY_ASSIGN(bool strange, suspect(commit));
  strange = strange && !broken(Law::Suspects);
  outcome.flags |= static_cast<std::uint8_t>((plan.late ? kLate : 0) | (strange ? kSuspect : 0));
  bool changed = false;
  if (plan.creates) {  // its children need the root first
    TRY_ASSIGN(changed, merge_row(commit, plan.creating_row, plan, context, outcome));
  }
  for (std::size_t i = 0; i < commit.rows.size(); ++i) {
    if (plan.creates && i == plan.creating_row) continue;
    if (commit.rows[i].op == Op::Command) continue;
    TRY_ASSIGN(const bool touched, merge_row(commit, i, plan, context, outcome));
    changed = changed || touched;
  }
  // On the rows as the rest of the commit leaves them.
  for (std::size_t i = 0; i < commit.rows.size(); ++i) {
    if (commit.rows[i].op != Op::Command) continue;
    const CommandId id{author_.device, dseq, static_cast<std::uint32_t>(i)};
    TRY(decide(commit, i, plan, id, context, outcome));
  }
  stamp_ = context.eff;
  author_.eff = context.eff;
  if (changed) {
    TRY(update_members(commit, plan, seq));
    TRY(update_access(commit, seq));
    TRY(follow_edges(commit, plan, seq));
    TRY(touch(commit.aggregate, seq));
  }
  return outcome;
}

Result<CommitOutcome> Ingest::take_own(const Commit& commit, std::uint64_t dseq, std::uint64_t seq,
                                       std::uint64_t& eff) {
  Author other{kServerDevice, {}, true, eff};
  std::swap(author_, other);
  Result<CommitOutcome> taken = take(commit, dseq, seq);
  std::swap(author_, other);
  eff = other.eff;
  // It may have changed what the author of the others may do.
  access_.reset();
  role_.reset();
  return taken;
}

Result<bool> Ingest::suspect(const Commit& commit) {
  if (author_.server) return false;
  const auto wall = static_cast<std::int64_t>(commit.hlc >> 16);
  if (wall > now_ms_ + kClockSkewMsMax) return true;
  if (seen_ == 0) return false;
  TRY_ASSIGN(const std::int64_t then, store_.received_ms(seen_));
  return wall < then - kBehindMs;
}

Result<Ingest::Plan> Ingest::plan(const Commit& commit) {
  TRY_ASSIGN(const Standing* standing, this->standing(commit.aggregate));
  if (standing->root == 0) return plan_new_aggregate(commit);
  Plan plan;
  if (author_.server) return plan;
  if (RowId{static_cast<std::int64_t>(commit.user)} != author_.user) {
    plan.refused = Outcome::NoAccess;
    return plan;
  }
  TRY_ASSIGN(const auto* spans, access());
  TRY_ASSIGN(const std::vector<Move> moves, store_.moves_of(commit.aggregate));
  const WriteRight right = may_write(standing->members, *spans, moves, seen_);
  plan.late = right.may == MayWrite::Late;
  if (right.may == MayWrite::No) plan.refused = Outcome::NoAccess;
  if (plan.late && !gate_.open) {
    TRY_ASSIGN(const std::int64_t ended_ms, store_.received_ms(right.ended));
    if (ended_ms + gate_.late_ms_max < now_ms_) held_ = ParkReason::TooLate;
  }
  return plan;
}

// A new aggregate must begin with its root, in a scope that its author has.
Result<Ingest::Plan> Ingest::plan_new_aggregate(const Commit& commit) {
  Plan plan;
  const Entity* root = nullptr;
  for (std::size_t i = 0; i < commit.rows.size() && root == nullptr; ++i) {
    const RowWrite& write = commit.rows[i];
    const Entity* entity = catalogue_.entity(write.entity);
    const bool creates = write.op == Op::Insert || write.op == Op::Fact;
    if (entity == nullptr || !entity->root() || !creates || write.row != commit.aggregate) continue;
    root = entity;
    plan.creating_row = i;
  }
  if (root == nullptr) {
    plan.refused = Outcome::NoRow;
    return plan;
  }
  plan.creates = true;
  if (author_.server) return plan;
  Row made;
  for (const CellWrite& cell : commit.rows[plan.creating_row].cells) {
    if (!is_null(cell.value)) made.set_cell(cell.field, cell.value);
  }
  TRY_ASSIGN(const auto* spans, access());
  const auto scopes = scopes_of(*root, made);
  bool mine = false, mine_now = false;
  for (const AccessSpan& span : *spans) {
    if (std::find(scopes.begin(), scopes.end(), span.scope) == scopes.end()) continue;
    mine_now = mine_now || span.open();
    mine = mine || span.to > seen_;  // a scope that he lost meanwhile was his when he wrote
  }
  plan.late = mine && !mine_now;
  const bool own_name = RowId{static_cast<std::int64_t>(commit.user)} == author_.user;
  if (!mine || !own_name) {
    plan.refused = Outcome::NoAccess;
    plan.creates = false;
  }
  return plan;
}

Result<std::optional<Outcome>> Ingest::refusal(const Commit& commit, const RowWrite& write,
                                               const Plan& plan) {
  if (plan.refused) return plan.refused;
  const Entity* entity = catalogue_.entity(write.entity);
  if (entity == nullptr) return std::optional(Outcome::Malformed);
  TRY_ASSIGN(const Standing* standing, this->standing(commit.aggregate));
  const bool creating = plan.creates && &write == &commit.rows[plan.creating_row];
  if (!creating) {
    // The root's own creation failed, or the row belongs under another kind of root.
    if (standing->root == 0) {
      TRY_ASSIGN(const Cached* root, row(commit.rows[plan.creating_row].entity, commit.aggregate));
      if (!root->now.exists) return std::optional(Outcome::NoRow);
    }
    const std::uint32_t root_no =
        standing->root != 0 ? standing->root : commit.rows[plan.creating_row].entity;
    if (catalogue_.root_of(*entity).no != root_no) return std::optional(Outcome::Malformed);
    if (entity->root() && write.row != commit.aggregate) return std::optional(Outcome::Malformed);
  }
  // Rights of a role that changed after the author's last sync do not bind a late write.
  if (author_.server || plan.late || broken(Law::Rights)) return std::optional<Outcome>();
  TRY_ASSIGN(const Role* role, this->role());
  if (role == nullptr || (role->may(entity->name) & right_for(write.op)) == 0) {
    return std::optional(Outcome::NoAccess);
  }
  return std::optional<Outcome>();
}

Result<bool> Ingest::merge_row(const Commit& commit, std::size_t index, const Plan& plan,
                               WriteContext& context, CommitOutcome& outcome) {
  const RowWrite& write = commit.rows[index];
  const auto number_of = static_cast<std::uint32_t>(index);
  TRY_ASSIGN(const std::optional<Outcome> refused, refusal(commit, write, plan));
  if (refused) {
    outcome.ops.push_back({number_of, 0, *refused});
    return false;
  }
  TRY_ASSIGN(Cached * cached, row(write.entity, write.row));
  std::vector<OpOutcome> outcomes;
  const Entity& entity = *catalogue_.entity(write.entity);
  const Field* state = author_.server || !cached->now.alive() ? nullptr : ordinary_state(entity);
  const bool unseen = state != nullptr && !context.saw(cached->now.clock.of(state->no).dot());
  const Value from = unseen ? state_of(entity, *state, cached->now) : Value{};
  const bool touched = merge(entity, commit.aggregate, write, context, cached->now, outcomes);
  if (unseen && touched && cached->now.alive()) {
    const Value to = state_of(entity, *state, cached->now);
    if (from != to && find_move(entity, from, to) == nullptr) {
      outcome.flags |= kJumped;
      const Row now = cached->now;
      TRY(open_review(entity, now));
    }
  }
  for (const OpOutcome& op : outcomes) {
    if (op.outcome != Outcome::Ok) outcome.ops.push_back({number_of, op.field, op.outcome});
  }
  if (!touched) return false;
  if (cached->seq == 0) changed_.push_back(cached);
  cached->seq = context.seq;
  return true;
}

// Brings `member` and `moved` in step with the root row's scope fields.
Status Ingest::update_members(const Commit& commit, const Plan& plan, std::uint64_t seq) {
  TRY_ASSIGN(Standing * standing, this->standing(commit.aggregate));
  const bool created = plan.creates && standing->root == 0;
  const std::uint32_t root_no = created ? commit.rows[plan.creating_row].entity : standing->root;
  const bool root_written = std::any_of(
      commit.rows.begin(), commit.rows.end(),
      [&](const RowWrite& w) { return w.entity == root_no && w.row == commit.aggregate; });
  if (!root_written) return {};
  TRY_ASSIGN(const Cached* root, row(root_no, commit.aggregate));
  if (!root->now.exists) return {};
  const std::vector<RowId> wanted = scopes_of(*catalogue_.entity(root_no), root->now);
  standing->root = root_no;
  const std::vector<Membership> before = standing->members;
  for (const Membership& member : before) {
    if (std::find(wanted.begin(), wanted.end(), member.scope) != wanted.end()) continue;
    if (broken(Law::ScopesEnd)) continue;
    TRY(store_.remove_member(commit.aggregate, member.scope));
    TRY(store_.add_move({member.scope, seq, commit.aggregate, false}));
    touched_.insert(member.scope);
    std::erase_if(standing->members, [&](const Membership& m) { return m.scope == member.scope; });
  }
  for (const RowId scope : wanted) {
    const bool there = std::any_of(before.begin(), before.end(),
                                   [&](const Membership& m) { return m.scope == scope; });
    if (there) continue;
    const Membership member{scope, ~0U};
    TRY(store_.add_member(commit.aggregate, root_no, member, seq));
    standing->members.push_back(member);
    touched_.insert(scope);
    if (!created) TRY(store_.add_move({scope, seq, commit.aggregate, true}));
  }
  return {};
}

Status Ingest::touch(RowId aggregate, std::uint64_t seq) {
  if (!tops_.insert_or_assign(number(aggregate), seq).second) return {};
  TRY_ASSIGN(const Standing* standing, this->standing(aggregate));
  for (const Membership& member : standing->members) touched_.insert(member.scope);
  return {};
}

// Brings `access` in step with a staff row. A new role begins everything anew,
// since it may also show other entities.
Status Ingest::update_access(const Commit& commit, std::uint64_t seq) {
  const Entity* staff = catalogue_.entity(kStaffEntity);
  if (staff == nullptr) return {};
  for (const RowWrite& write : commit.rows) {
    if (write.entity != staff->no) continue;
    TRY_ASSIGN(const Cached* cached, row(write.entity, write.row));
    if (cached->seq != seq) continue;
    touched_.insert(write.row);
    const std::vector<Grant> wanted = grants_of(catalogue_, *staff, cached->now);
    TRY_ASSIGN(const std::vector<AccessSpan> spans, store_.access_of(write.row));
    const bool new_role = role_of(catalogue_, cached->before) != role_of(catalogue_, cached->now);
    const auto same = [](const Grant& g, const AccessSpan& s) {
      return s.open() && g.scope == s.scope && g.mask == s.mask;
    };
    for (const AccessSpan& span : spans) {
      const bool keep = !new_role && std::any_of(wanted.begin(), wanted.end(),
                                                 [&](const Grant& g) { return same(g, span); });
      if (span.open() && !keep && !broken(Law::AccessEnds))
        TRY(store_.end_access(write.row, span.scope, seq));
    }
    for (const Grant& grant : wanted) {
      const bool there = !new_role && std::any_of(spans.begin(), spans.end(),
                                                  [&](const auto& s) { return same(grant, s); });
      if (!there) TRY(store_.begin_access(write.row, {grant.scope, grant.mask, seq}));
    }
    if (write.row == author_.user) {
      access_.reset();
      role_.reset();
    }
  }
  return {};
}

Status Ingest::flush() {
  for (Cached* cached : changed_) {
    fold(*catalogue_.entity(cached->now.entity), broken(Law::FoldBelow) ? seen_ : gate_.horizon,
         cached->now);
    TRY(store_.save_row(cached->now, cached->before, cached->seq));
  }
  for (const auto& [aggregate, seq] : tops_) TRY(store_.set_top(RowId{aggregate}, seq));
  changed_.clear();
  tops_.clear();
  rows_.clear();
  return {};
}

Result<const Row*> Ingest::peek(std::uint32_t entity, RowId id) {
  TRY_ASSIGN(const Cached* cached, row(entity, id));
  return &cached->now;
}

Result<Ingest::Cached*> Ingest::row(std::uint32_t entity, RowId id) {
  const auto found = rows_.find(Key{entity, id});
  if (found != rows_.end()) return &found->second;
  TRY_ASSIGN(Row loaded, store_.load_row(entity, id));
  Cached& cached = rows_[Key{entity, id}];
  cached.before = loaded;
  cached.now = std::move(loaded);
  return &cached;
}

Result<Standing*> Ingest::standing(RowId aggregate) {
  const auto found = standings_.find(number(aggregate));
  if (found != standings_.end()) return &found->second;
  TRY_ASSIGN(Standing standing, store_.standing(aggregate));
  return &(standings_[number(aggregate)] = std::move(standing));
}

Result<const std::vector<AccessSpan>*> Ingest::access() {
  if (!access_) {
    TRY_ASSIGN(access_, store_.access_of(author_.user));
  }
  return &*access_;
}

Result<const Role*> Ingest::role() {
  if (!role_) {
    const Entity* staff = catalogue_.entity(kStaffEntity);
    if (staff == nullptr) return static_cast<const Role*>(nullptr);
    TRY_ASSIGN(const Cached* cached, row(staff->no, author_.user));
    role_ = role_of(catalogue_, cached->now);
  }
  return *role_;
}

}  // namespace banyan::sync
