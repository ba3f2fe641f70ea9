// The two ends of a series of QR codes: a screen that shows it, and a camera that reads it.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "client/device.h"
#include "client/frame.h"
#include "shared/app/by_camera.h"

namespace banyan::ui {

class CodeScreen {
 public:
  // TooLarge where a file is the better way. `done` when the person says that all is there.
  Status show(Bytes file, std::function<void()> done);
  bool showing() const { return series_.has_value(); }
  void stop() { series_.reset(); }
  // True when the person goes back: nothing is done then.
  bool draw(Frame& frame, Rect area);

 private:
  std::optional<CodeSeries> series_;
  std::function<void()> done_;
  double since_ms_ = -1;
};

class CodeCamera {
 public:
  void start();
  void stop() { scan_.reset(); }
  // What was read, once.
  std::optional<Bytes> take();
  // True when the person stops it.
  bool draw(Frame& frame, Rect area);

 private:
  struct Scan {
    CodeReader reader;
    std::optional<CameraPicture::State> state;  // nothing: the camera is being opened
  };
  std::shared_ptr<Scan> scan_;  // a picture may come late
};

}  // namespace banyan::ui
