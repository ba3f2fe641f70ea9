// What the promises of the change store's contract are made of.
#pragma once

#include "tests/support/sync_pair.h"

#define EXPECT(expression)                                                        \
  do {                                                                            \
    if (!(expression)) return fail(ErrorCode::Invalid, "expected: " #expression); \
  } while (false)

namespace banyan::test {

template <class T>
bool fails_with(const Result<T>& result, ErrorCode code) {
  return !result.ok() && result.error().code == code;
}

inline Draft update(RowId customer, std::vector<CellWrite> cells) {
  return {customer, 0, {row_write(kCustomer, Op::Update, customer, std::move(cells))}};
}

inline Draft count_up(SyncPair& b) { return update(b.customer, {cell(kCount, std::int64_t{1})}); }

inline std::int64_t counted(ServerStore& store, RowId customer) {
  return int_of(store.load(*bank().entity(kCustomer), customer)->cell(kCount));
}

inline Result<std::optional<sync::ParkReason>> append(ServerStore& store, const Bundle& bundle,
                                                      std::size_t skip = 0) {
  return store.append(bundle, skip, 1'800'000'000'000, sync::Terms::LostGround);
}

inline sync::PullQuery whole_round(const TestDevice& d) {
  sync::PullQuery query;
  query.device = d.id;
  query.bytes_max = 1 << 20;
  query.now_ms = 1'800'000'000'000;
  return query;
}

inline sync::Cursor cursor_after(const sync::PullResult& pulled) {
  sync::Cursor before;
  before.base = pulled.page.base;
  return sync::after_page(before, pulled.page, pulled.note);
}

}  // namespace banyan::test
