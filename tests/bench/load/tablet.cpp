#include "tests/bench/load/tablet.h"

#include <algorithm>

#include "shared/changelog/codec.h"
#include "tests/bench/report.h"

namespace banyan::bench {
namespace {

std::uint32_t field_of(const Entity& entity, std::string_view name) {
  const Field* field = entity.field(name);
  expect(field != nullptr, "the packs have the field " + std::string(name));
  return field->no;
}

void by_number(RowWrite& row) {
  std::sort(row.cells.begin(), row.cells.end(),
            [](const CellWrite& a, const CellWrite& b) { return a.field < b.field; });
}

}  // namespace

BankFacts BankFacts::of(const Catalogue& catalogue) {
  const Entity* customer = catalogue.entity("customer");
  const Entity* interaction = catalogue.entity("interaction");
  expect(customer != nullptr && interaction != nullptr, "the packs have customers and notes");
  BankFacts facts;
  facts.catalogue = catalogue.number();
  facts.customer = customer->no;
  facts.interaction = interaction->no;
  facts.name = field_of(*customer, "name");
  facts.kind = field_of(*customer, "kind");
  facts.owner = field_of(*customer, "owner");
  facts.branch = field_of(*customer, "branch");
  facts.employer = field_of(*customer, "employer");
  facts.channel = field_of(*interaction, "channel");
  facts.direction = field_of(*interaction, "direction");
  facts.at = field_of(*interaction, "at");
  facts.staff = field_of(*interaction, "staff");
  facts.text = field_of(*interaction, "text");
  return facts;
}

Tablet::Tablet(const BankFacts& bank, const Owner& owner, SigningKey key,
               const sync::Cursor& cursor, std::vector<RowId> customers, const Clock& clock,
               Random& random)
    : bank_(bank),
      owner_(owner),
      key_(std::move(key)),
      clock_(clock),
      cursor_(cursor),
      customers_(std::move(customers)),
      minter_(owner.device, static_cast<std::uint32_t>(random.next_u64())),
      draw_(number(owner.device)),
      client_(*this, key_, bank.organisation_key, clock, random) {}

RowWrite Tablet::draw_change(RowId customer) {
  const std::string employer = "village cooperative " + std::to_string(draw_.below(100'000));
  return {bank_.customer, Op::Update, customer, 1, {{bank_.employer, employer, {}}}};
}

RowWrite Tablet::draw_note() {
  RowWrite row{bank_.interaction, Op::Fact, minter_.next(), 1, {}};
  row.cells = {{bank_.channel, std::int64_t{1}, {}},
               {bank_.direction, std::int64_t{1}, {}},
               {bank_.at, clock_.wall_ms(), {}},
               {bank_.staff, owner_.staff, {}},
               {bank_.text,
                "Asked about the seed loan, wants to talk again after the harvest, call on day " +
                    std::to_string(draw_.below(30)),
                {}}};
  by_number(row);
  return row;
}

RowWrite Tablet::draw_customer() {
  RowWrite row{bank_.customer, Op::Insert, minter_.next(), 1, {}};
  row.cells = {{bank_.name, "new customer " + std::to_string(draw_.below(100'000)), {}},
               {bank_.kind, std::int64_t{1}, {}},
               {bank_.owner, owner_.staff, {}},
               {bank_.branch, owner_.branch, {}}};
  by_number(row);
  return row;
}

void Tablet::work(std::size_t commits) {
  for (std::size_t i = 0; i < commits; ++i) {
    Commit commit;
    commit.schema = bank_.catalogue;
    const auto now = static_cast<std::uint64_t>(clock_.wall_ms()) << 16;
    commit.hlc = hlc_ = std::max(hlc_ + 1, now);
    commit.epoch = cursor_.epoch;
    commit.seen = cursor_.base;
    commit.user = static_cast<std::uint64_t>(number(owner_.staff));
    const std::uint32_t kind = draw_.below(20);
    if (kind == 0 || customers_.empty()) {
      commit.rows.push_back(draw_customer());
      commit.aggregate = commit.rows.front().row;
      customers_.push_back(commit.aggregate);
    } else {
      commit.aggregate = customers_[draw_.below(static_cast<std::uint32_t>(customers_.size()))];
      commit.rows.push_back(kind < 6 ? draw_note() : draw_change(commit.aggregate));
    }
    must(check_commit(commit));
    ByteWriter body;
    encode_commit(commit, body);
    last_hash_ = next_chain(last_hash_, body.view());
    own_.push_back({last_hash_, body.take()});
    ++last_;
  }
}

Result<sync::DeviceState> Tablet::state() {
  sync::DeviceState state;
  state.device = owner_.device;
  state.organisation = bank_.organisation;
  state.catalogue = bank_.catalogue;
  state.cursor = cursor_;
  state.last = last_;
  state.last_hash = last_hash_;
  state.acked = acked_;
  state.stable = stable_;
  return state;
}

Result<Hash256> Tablet::chain_hash(std::uint64_t dseq) {
  if (dseq == acked_) return acked_hash_;
  if (dseq < acked_ || dseq > last_) return fail(ErrorCode::NotFound, "not kept");
  return own_[static_cast<std::size_t>(dseq - acked_ - 1)].hash;
}

Result<std::vector<sync::ChainedCommit>> Tablet::own_after(std::uint64_t dseq,
                                                           std::size_t bytes_max) {
  std::vector<sync::ChainedCommit> out;
  std::size_t bytes = 0;
  for (std::uint64_t at = dseq + 1; at <= last_ && (out.empty() || bytes < bytes_max); ++at) {
    const Own& own = own_[static_cast<std::size_t>(at - acked_ - 1)];
    out.push_back({at, own.hash, own.body});
    bytes += own.body.size();
  }
  return out;
}

Status Tablet::adopt(std::span<const sync::ChainedCommit>) {
  return fail(ErrorCode::Corrupt, "the server gives back what was never lost");
}
Status Tablet::set_forked(bool) {
  return fail(ErrorCode::Corrupt, "there is no other such tablet");
}

Status Tablet::apply(const Page& page, const sync::PageNote& note) {
  const bool known = cursor_.epoch == 0 || cursor_.epoch == page.epoch;
  if (page.reset || !known || page.from != cursor_.pos || page.base != cursor_.base ||
      page.pos < cursor_.pos || page.acked < acked_ || page.acked > last_) {
    return fail(ErrorCode::Corrupt, "page does not continue the cursor");
  }
  for (const PageAggregate& aggregate : page.aggregates) take(aggregate);
  cursor_ = sync::after_page(cursor_, page, note);
  if (!page.complete) return {};
  stable_ = page.stable;
  refused_ += page.outcomes.size();
  for (; acked_ < page.acked; ++acked_) {
    acked_hash_ = own_.front().hash;
    own_.pop_front();
  }
  return {};
}

void Tablet::take(const PageAggregate& aggregate) {
  const auto at = std::find(customers_.begin(), customers_.end(), aggregate.id);
  if (aggregate.mode == PageMode::Drop) {
    if (at != customers_.end()) customers_.erase(at);
  } else if (at == customers_.end() && !aggregate.rows.empty() &&
             aggregate.rows.front().row.entity == bank_.customer) {
    customers_.push_back(aggregate.id);
  }
}

}  // namespace banyan::bench
