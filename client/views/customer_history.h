// A customer's history: every change, what was there before, and taking it back. Asks headquarters
// by itself when it is opened and after each sync; without a network it shows what is here.
#pragma once

#include <memory>
#include <optional>

#include "client/cached.h"
#include "client/frame.h"
#include "client/views/customer_data.h"
#include "shared/app/history.h"

namespace banyan::ui {

class CustomerHistory {
 public:
  explicit CustomerHistory(App& app) : app_(app) {}

  void draw(Frame& frame, Rect area, CustomerData& data);
  // The screen is left: what was chosen and shown is so no more.
  void forget();

 private:
  struct Chosen {
    DeviceId device{};
    std::uint64_t seq = 0;
    bool operator==(const Chosen&) const = default;
  };

  void open(CustomerData& data);
  void keep_fresh();
  const HistoryItem* chosen();
  void list(Frame& frame, Rect area);
  void state_line(Frame& frame, Rect& area);
  void row(Frame& frame, const Rect& rect, const HistoryItem& item, bool first, bool selected);
  void open_sheet(Frame& frame);
  void detail(Frame& frame, Rect area, bool in_sheet);
  void facts(Frame& frame, Rect& column, const HistoryItem& item);
  void change(Frame& frame, Rect& column, const HistoryChange& change);
  void actions(Frame& frame, Rect area, const HistoryItem& item, const TakingBack& plan);
  void take_back(Frame& frame, const HistoryItem& item, bool over_newer);

  App& app_;
  Session* session_ = nullptr;
  std::unique_ptr<RecordHistory> history_;
  std::int64_t asked_after_ms_ = -1;  // the sync after which headquarters was asked
  std::optional<Chosen> chosen_;
  Cached<TakingBack> plan_;
  bool personal_ = false;  // personal data are shown
};

}  // namespace banyan::ui
