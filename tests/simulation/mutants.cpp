#include "tests/simulation/mutants.h"

#include "shared/changelog/chain.h"

namespace banyan::sim {

const std::vector<MutantName>& mutants() {
  static const std::vector<MutantName> all{
      {"base-moves-early", Mutant::BaseMovesEarly},
      {"drop-before-ack", Mutant::DropBeforeAck},
      {"no-full", Mutant::NoFull},
      {"no-drop", Mutant::NoDrop},
      {"double-count", Mutant::DoubleCount},
      {"siblings-lost", Mutant::SiblingsLost},
      {"filter-by-pos", Mutant::FilterByPos},
      {"no-cursor-hash", Mutant::NoCursorHash},
      {"seen-without-epoch", Mutant::SeenWithoutEpoch},
      {"no-clamp", Mutant::NoClamp},
      {"reset-keeps-ack", Mutant::ResetKeepsAck},
      {"outcomes-dropped", Mutant::OutcomesDropped},
      {"mask-forgotten", Mutant::MaskForgotten},
      {"ack-unsent", Mutant::AckUnsent},
      {"last-group-skipped", Mutant::LastGroupSkipped},
      {"lost-ground-taken", Mutant::LostGroundTaken},
      {"causal-order", Mutant::None, Law::CausalOrder},
      {"siblings-by-stamp", Mutant::None, Law::Siblings},
      {"siblings-settled-unseen", Mutant::None, Law::SiblingsSeen},
      {"siblings-of-older-life", Mutant::None, Law::SiblingsLife},
      {"remove-wins", Mutant::None, Law::AddWins},
      {"last-add-only", Mutant::None, Law::EveryAdd},
      {"paragraphs-settled-unseen", Mutant::None, Law::Paragraphs},
      {"life-by-stamp", Mutant::None, Law::CausalLength},
      {"id-taken-twice", Mutant::None, Law::IdTaken},
      {"former-numbers-strange", Mutant::None, Law::FormerNumbers},
      {"fold-above-horizon", Mutant::None, Law::FoldBelow},
      {"stamps-fall", Mutant::None, Law::RisingStamps},
      {"late-write-refused", Mutant::None, Law::LateWrites},
      {"strangers-write", Mutant::None, Law::Strangers},
      {"no-rights", Mutant::None, Law::Rights},
      {"no-suspects", Mutant::None, Law::Suspects},
      {"scopes-never-end", Mutant::None, Law::ScopesEnd},
      {"access-never-ends", Mutant::None, Law::AccessEnds},
      {"no-dedupe", Mutant::None, Law::KnownCommits},
      {"ack-without-hash", Mutant::None, Law::AckByHash},
      {"answer-anywhere", Mutant::None, Law::InPlace},
      {"one-place-twice", Mutant::None, Law::OneOrder},
      {"pruned-early", Mutant::None, Law::PruneWhenSafe},
      {"page-over-pending", Mutant::None, Law::PendingOver},
      {"horizon-too-far", Mutant::None, Law::HorizonFloor},
      {"unknown-cells-dropped", Mutant::None, Law::UnknownCells},
      {"not-synced", Mutant::None, Law::SyncedDisk},
  };
  return all;
}

std::optional<MutantName> mutant_named(std::string_view name) {
  for (const MutantName& m : mutants()) {
    if (m.name == name) return m;
  }
  return std::nullopt;
}

// ---- the device

Result<Hash256> MutantDevice::chain_hash(std::uint64_t dseq) { return replica_.chain_hash(dseq); }

Status MutantDevice::apply(const Page& given, const sync::PageNote& note) {
  Page page = given;
  TRY_ASSIGN(const sync::DeviceState state, replica_.state());
  switch (mutant_) {
    case Mutant::BaseMovesEarly: page.complete = true; break;
    case Mutant::DropBeforeAck:
      for (const PageAggregate& a : page.aggregates) {
        if (a.mode != PageMode::Drop) continue;
        auto& waiting = const_cast<WaitingRows&>(replica_.waiting());
        for (const RowKey& key : waiting.of(a.id)) waiting.erase(key);
      }
      break;
    case Mutant::NoFull:
      for (PageAggregate& a : page.aggregates) {
        if (a.mode == PageMode::Whole) a.mode = PageMode::Changes;
      }
      break;
    case Mutant::NoDrop:
      std::erase_if(page.aggregates,
                    [](const PageAggregate& a) { return a.mode == PageMode::Drop; });
      break;
    case Mutant::DoubleCount:
      if (!page.complete) page.acked = state.acked;
      break;
    case Mutant::ResetKeepsAck: {
      if (!page.reset) break;
      page.acked = state.acked;
      TRY_ASSIGN(const Hash256 own, replica_.chain_hash(page.acked));
      page.acked_hash = ack_hash(own);
      break;
    }
    case Mutant::OutcomesDropped: page.outcomes.clear(); break;
    case Mutant::AckUnsent:
      if (page.complete && !page.reset) page.acked = state.last;
      break;
    default: break;
  }
  return replica_.apply(page, note);
}

// ---- the server

Result<std::optional<sync::ParkReason>> MutantChanges::append(const Bundle& bundle,
                                                              std::size_t skip, std::int64_t now_ms,
                                                              sync::Terms terms) {
  constexpr std::int64_t kCentury = 100LL * 365 * 86'400'000;
  if (mutant_ == Mutant::LostGroundTaken) {
    terms = terms == sync::Terms::LetIn ? sync::Terms::AsItStands : sync::Terms::LostGround;
  }
  if (mutant_ == Mutant::NoClamp) return store_.append(bundle, skip, now_ms + kCentury, terms);
  if (mutant_ != Mutant::SeenWithoutEpoch) return store_.append(bundle, skip, now_ms, terms);
  Bundle changed = bundle;
  for (Commit& commit : changed.commits) commit.epoch = store_.epoch();
  return store_.append(changed, skip, now_ms, terms);
}

Result<sync::PullResult> MutantChanges::pull(const sync::PullQuery& query) {
  sync::PullQuery asked = query;
  if (mutant_ == Mutant::FilterByPos) asked.cursor.base = asked.cursor.pos;
  if (mutant_ == Mutant::NoCursorHash) forget_cursor_hash(asked);
  TRY_ASSIGN(sync::PullResult out, store_.pull(asked));
  Page& page = out.page;
  if (mutant_ == Mutant::FilterByPos && !page.reset) page.base = query.cursor.base;
  if (mutant_ == Mutant::MaskForgotten) TRY(show_everything(page));
  if (mutant_ == Mutant::SiblingsLost) {
    for (PageAggregate& a : page.aggregates) {
      for (RowChange& change : a.rows) change.row.siblings.clear();
    }
  }
  if (mutant_ == Mutant::LastGroupSkipped && !page.complete && page.aggregates.size() > 1) {
    page.aggregates.pop_back();
  }
  return out;
}

void MutantChanges::forget_cursor_hash(sync::PullQuery& query) {
  if (query.cursor.epoch == 0 || query.cursor.pos > store_.head()) return;
  query.cursor.epoch = store_.epoch();
  const Status read = store_.read_log(query.cursor.pos - 1, 1, [&](const auto& entry) -> Status {
    query.cursor.pos_hash = entry.order;
    return {};
  });
  BANYAN_CHECK(read.ok());
}

Status MutantChanges::show_everything(Page& page) {
  for (PageAggregate& a : page.aggregates) {
    for (RowChange& change : a.rows) {
      const Entity* entity = store_.packs().entity(change.row.entity);
      TRY_ASSIGN(change.row, store_.load(*entity, change.row.id));
      change.whole = true;
    }
  }
  return {};
}

}  // namespace banyan::sim
