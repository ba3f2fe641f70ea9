// ServerTables::state_hash(): what goes into it, and in which order.
#pragma once

#include "shared/changelog/codec.h"
#include "shared/crypto/hash.h"
#include "shared/sync/scopes.h"

namespace banyan {

// Rows by entity and id; then memberships by aggregate and scope; then moves by scope, sequence
// and aggregate; then access by user, scope and beginning.
class StateHasher {
 public:
  void row(std::uint64_t seq, ByteView image) {
    ByteWriter out;
    out.u64(seq);
    out.block(image);
    hasher_.update(out.view());
  }
  void row(std::uint64_t seq, const Row& row_) {
    ByteWriter image;
    encode_row(row_, image);
    row(seq, image.view());
  }
  void member(RowId aggregate, RowId scope, std::uint32_t mask, std::uint64_t top,
              std::uint32_t root) {
    put({id(aggregate), id(scope), mask, top, root});
  }
  void move(const sync::Move& move_) {
    put({id(move_.scope), move_.seq, id(move_.aggregate), move_.in ? 1U : 0U});
  }
  void access(RowId user, const sync::AccessSpan& span) {
    put({id(user), id(span.scope), span.mask, span.from, span.to});
  }
  Hash256 finish() { return hasher_.finish(); }

 private:
  static std::uint64_t id(RowId row_) { return static_cast<std::uint64_t>(number(row_)); }
  void put(std::initializer_list<std::uint64_t> numbers) {
    ByteWriter out;
    for (const std::uint64_t one : numbers) out.u64(one);
    hasher_.update(out.view());
  }

  Hasher hasher_;
};

}  // namespace banyan
