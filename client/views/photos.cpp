#include "client/views/photos.h"

#include <algorithm>
#include <memory>

#include "client/app_shell.h"
#include "client/views/value_words.h"
#include "client/widgets/button.h"
#include "client/widgets/draw.h"
#include "client/widgets/states.h"
#include "client/widgets/text.h"
#include "shared/app/commands.h"
#include "shared/app/photo_lane.h"

namespace banyan::ui {

namespace {

constexpr float kThumb = 44, kSheetHeight = 560;
constexpr std::size_t kThumbsMax = 3;
constexpr int kThumbSide = 160, kLargeSide = 1600;  // pixels
constexpr double kLookAgainMs = 200;

// What the open sheet knows; an answer from the network may outlive it.
struct Viewer {
  std::vector<PhotoItem> photos;
  std::size_t at = 0;
  bool fetching = false, failed = false;
};

Bytes file_of(const Session& session, const PhotoItem& photo) {
  const Result<Hash256> hash = Hash256::from(photo.hash);
  if (!hash.ok()) return {};
  Result<Bytes> bytes = session.photos().read(*hash);
  if (bytes.ok()) return std::move(bytes).value();
  session.note(bytes.error());
  return {};
}

const Picture& picture_of(Frame& frame, const Session& session, const PhotoItem& photo, int side) {
  return frame.pictures.get(to_hex(photo.hash), side, [&] { return file_of(session, photo); });
}

bool thumb(Frame& frame, const Session& session, const Rect& rect, const PhotoItem& photo,
           std::size_t index) {
  IdScope scope(index);
  const auto n = static_cast<std::int64_t>(index + 1);
  const std::string name = frame.count(photo.on_device ? T::photo_one : T::photo_one_away, n);
  const Response pressed =
      interact(frame, frame.id("photo"), rect, {.role = Role::button, .name = name});
  fill(frame, rect, frame.color(Color::sunken), radius::kButton);
  Icon icon = Icon::image;
  if (photo.on_device) {
    const Picture& picture = picture_of(frame, session, photo, kThumbSide);
    if (picture.state == Picture::State::Here) {
      paint_picture(frame, rect, picture, radius::kButton);
      icon = Icon::none;
    } else if (picture.state == Picture::State::Bad) {
      icon = Icon::circle_alert;
    }
  } else {
    icon = Icon::tablet;
    dashed_outline(frame, rect, frame.color(Color::line_strong), radius::kButton);
  }
  if (icon != Icon::none) paint_icon(frame, rect, icon, 20, frame.color(Color::text_3));
  if (pressed.focused) focus_ring(frame, rect, radius::kButton);
  return pressed.clicked;
}

void fetch(App& app, const std::shared_ptr<Viewer>& viewer) {
  const std::size_t at = viewer->at;
  const Result<Hash256> hash = Hash256::from(viewer->photos[at].hash);
  if (!hash.ok()) return;
  viewer->fetching = true;
  viewer->failed = false;
  app.session()->photos().fetch(*hash, [&app, viewer, at](const Status& done) {
    viewer->fetching = false;
    viewer->failed = !done.ok();
    viewer->photos[at].on_device = done.ok();
    if (done.ok() && app.session() != nullptr) app.session()->changed();
  });
}

void large(Frame& frame, App& app, const Rect& rect, const std::shared_ptr<Viewer>& viewer) {
  const PhotoItem& photo = viewer->photos[viewer->at];
  if (!photo.on_device) {
    if (viewer->fetching) frame.wake_in(kLookAgainMs);
    if (offline_state(frame, rect,
                      {.icon = Icon::tablet,
                       .title = frame.t(T::photo_away_title),
                       .text = frame.t(viewer->failed ? T::photo_failed : T::photo_away_note),
                       .action = frame.t(viewer->fetching ? T::photo_fetching : T::photo_fetch)}) &&
        !viewer->fetching) {
      fetch(app, viewer);
    }
    return;
  }
  const Picture& picture = picture_of(frame, *app.session(), photo, kLargeSide);
  switch (picture.state) {
    case Picture::State::Here: {
      paint_picture(frame, rect, picture, radius::kButton, true);
      const auto n = static_cast<std::int64_t>(viewer->at + 1);
      frame.access.add_text(Role::image, rect, frame.count(T::photo_one, n));
      return;
    }
    case Picture::State::Bad:
      error_state(frame, rect,
                  {.icon = Icon::circle_alert,
                   .title = frame.t(T::photo_bad),
                   .text = frame.t(T::photo_bad_note)});
      return;
    case Picture::State::Coming:
      label(frame, rect.centered(rect.w, 24), frame.t(T::photo_coming), type::kBody, Color::text_2,
            Align::center);
  }
}

}  // namespace

std::string photo_words(Frame& frame, std::span<const PhotoItem> photos) {
  const auto count = static_cast<std::int64_t>(photos.size());
  const auto away = std::count_if(photos.begin(), photos.end(),
                                  [](const PhotoItem& one) { return !one.on_device; });
  if (away == count) return frame.count(T::photo_away, away);
  const std::string all = frame.count(T::photo_count, count);
  return away == 0 ? all : joined(frame, all, frame.count(T::photo_away, away));
}

int photo_strip(Frame& frame, const Session& session, Rect& row,
                std::span<const PhotoItem> photos) {
  int pressed = -1;
  const std::size_t count = std::min(photos.size(), frame.phone() ? 1 : kThumbsMax);
  for (std::size_t i = count; i-- > 0;) {
    const Rect place = row.cut_right(kThumb, 6).centered(kThumb, kThumb);
    if (thumb(frame, session, place, photos[i], i)) pressed = static_cast<int>(i);
  }
  return pressed;
}

void open_photos(Frame& frame, App& app, std::vector<PhotoItem> photos, std::size_t first) {
  const auto viewer = std::make_shared<Viewer>(Viewer{std::move(photos), first, false, false});
  frame.shell.open({.title = std::string(frame.t(T::photo_title)),
                    .height = kSheetHeight,
                    .draw = [&app, viewer](Frame& now, Rect area) {
                      if (app.session() == nullptr) return;
                      const std::size_t count = viewer->photos.size();
                      if (count > 1 && !viewer->fetching) {
                        Rect bar = area.cut_bottom(size::kButton, 12);
                        const std::size_t at = viewer->at;
                        if (button_left(now, bar, {.label = now.t(T::action_previous)})) {
                          viewer->at = (at + count - 1) % count;
                        }
                        if (button_right(now, bar, {.label = now.t(T::action_next)})) {
                          viewer->at = (at + 1) % count;
                        }
                        if (viewer->at != at) viewer->failed = false;
                      }
                      large(now, app, area, viewer);
                    }});
}

}  // namespace banyan::ui
