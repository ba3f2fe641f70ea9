#include "tests/contracts/bundle_maker.h"

namespace banyan::test {

Bundle BundleMaker::make(std::span<const Draft> drafts) {
  std::vector<Commit> commits;
  for (const Draft& draft : drafts) {
    Commit commit;
    commit.schema = bank().number();
    commit.hlc = static_cast<std::uint64_t>(bank_.clock.wall_ms()) << 16;
    commit.epoch = bank_.store->epoch();
    commit.seen = seen_.value_or(bank_.store->head());
    commit.user = static_cast<std::uint64_t>(number(d_.user));
    commit.aggregate = draft.aggregate;
    commit.rows = draft.rows;
    for (RowWrite& write : commit.rows) {
      for (CellWrite& cell : write.cells) {
        const Field* field = bank().entity(write.entity)->field(cell.field);
        if (field->merge == Merge::Guarded && write.op == Op::Update) cell.replaced = 0;
      }
    }
    commits.push_back(std::move(commit));
  }
  ChainSpan span;
  span.organisation = SyncPair::kOrganisation;
  span.device = d_.id;
  span.first = next_;
  span.previous = chain_;
  packed_ = encode_bundle(span, commits, d_.key).value();
  Bundle bundle = decode_bundle(packed_, d_.key.verify_key()).value();
  next_ += commits.size();
  chain_ = bundle.hashes.back();
  return bundle;
}

}  // namespace banyan::test
