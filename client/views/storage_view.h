// Instead of the app, where nothing could be kept: another window works in this device's store, or
// there is no store. Nobody passes without knowing it.
#pragma once

#include <functional>
#include <string>

#include "client/view.h"

namespace banyan::ui {

// Why the app is closed here.
struct ClosedStore {
  enum class Why : std::uint8_t {
    OtherWindow,  // it was open before this one
    HandedOver,   // another window asked for it
    Missing,      // this browser, or this address, has none
    Broken,       // it does not open
  };
  Why why = Why::Missing;
  std::string code = {};    // the browser's own words, for support
  bool asking = false;      // open() is under way
  bool unanswered = false;  // it ended, and changed nothing
};

class StorageView final : public View {
 public:
  // `store` must outlive the view. `open` asks for the store again, and the window that has it to
  // let go; `practise` goes on without one.
  StorageView(const ClosedStore& store, std::function<void()> open, std::function<void()> practise)
      : store_(store), open_(std::move(open)), practise_(std::move(practise)) {}
  Surroundings surroundings(Frame& frame, const Route& route) override;
  void draw(Frame& frame, const Route& route, Rect area) override;

 private:
  const ClosedStore& store_;
  std::function<void()> open_, practise_;
};

}  // namespace banyan::ui
