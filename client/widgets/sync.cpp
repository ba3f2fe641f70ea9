#include "client/widgets/sync.h"

#include <cmath>

#include "client/widgets/draw.h"
#include "client/widgets/tag.h"
#include "client/widgets/text.h"

namespace banyan::ui {
namespace {

struct Look {
  T word;
  Icon icon;
  Tint tone;
  Color mark;
};

Look look_of(SyncState state) {
  switch (state) {
    case SyncState::sending: return {T::sync_sending, Icon::arrow_up, Tint::info, Color::info};
    case SyncState::received: return {T::sync_received, Icon::check_check, Tint::ok, Color::ok};
    case SyncState::safe: return {T::sync_safe, Icon::shield_check, Tint::ok, Color::ok};
    case SyncState::decide:
      return {T::sync_decide, Icon::git_compare, Tint::conflict, Color::conflict};
    case SyncState::held: return {T::sync_held, Icon::circle_alert, Tint::danger, Color::danger};
    case SyncState::saved: break;
  }
  return {T::sync_saved, Icon::tablet, Tint::quiet, Color::text_2};
}

std::string pill_words(Frame& frame, const SyncStatus& status) {
  if (frame.phone() && (status.offline || status.waiting > 0)) {
    return frame.count(T::sync_count, status.waiting);
  }
  if (status.offline) return frame.count(T::sync_offline_saved, status.waiting);
  if (status.waiting == 0) {
    return std::string(frame.t(status.fetching ? T::sync_fetching : T::sync_all_sent));
  }
  return frame.count(T::sync_online_saved, status.waiting);
}

// Nothing waits and nothing is amiss: on a phone the icon says it.
bool quiet(const SyncStatus& status) { return !status.offline && status.waiting == 0; }

// The number stands out: the words before it, the number, the words after it.
std::vector<Piece> pill_pieces(const std::string& words, std::string_view number) {
  const std::string_view all = words;
  const std::size_t at = number.empty() ? std::string_view::npos : all.find(number);
  if (at == std::string_view::npos) return {{all, type::kLabel, Color::text_2}};
  return {{all.substr(0, at), type::kLabel, Color::text_2},
          {number, with(type::kLabel, Weight::w700), Color::text},
          {all.substr(at + number.size()), type::kLabel, Color::text_2}};
}

}  // namespace

float sync_badge_width(Frame& frame, SyncState state) {
  const Look look = look_of(state);
  return tag_width(frame, {.label = frame.t(look.word), .tone = look.tone, .icon = look.icon});
}

void sync_badge(Frame& frame, const Rect& rect, SyncState state) {
  const Look look = look_of(state);
  tag(frame, rect, {.label = frame.t(look.word), .tone = look.tone, .icon = look.icon});
}

void sync_icon(Frame& frame, const Rect& rect, SyncState state) {
  const Look look = look_of(state);
  paint_icon(frame, rect, look.icon, 18, frame.color(look.mark));
  frame.access.add_text(Role::image, rect, frame.t(look.word));
}

float sync_pill_width(Frame& frame, const SyncStatus& status) {
  if (frame.phone() && quiet(status)) return 44;
  const std::string words = pill_words(frame, status);
  const std::string number = format::whole(status.waiting);
  const auto pieces = pill_pieces(words, quiet(status) ? "" : number);
  return std::ceil(pieces_width(frame, pieces)) + 18 + 8 + (frame.phone() ? 22 : 30);
}

bool sync_pill(Frame& frame, const Rect& rect, const SyncStatus& status) {
  const std::string words = pill_words(frame, status);
  const Response response =
      interact(frame, frame.id("sync-pill"), rect, {.role = Role::button, .name = words});
  const bool phone = frame.phone();
  const Rect box = rect.centered(rect.w, phone ? 36 : 44);
  const Color rest = phone ? Color::quiet_soft : Color::surface;
  fill(frame, box,
       frame.color(response.held      ? Color::press
                   : response.hovered ? Color::hover
                                      : rest),
       box.h / 2);
  if (!phone || frame.theme.sunlight())
    outline(frame, box, frame.color(Color::line), box.h / 2, frame.theme.line());
  Rect inside = box;
  const bool calm = quiet(status);
  inside.cut_left(phone ? (calm ? 13.0f : 10.0f) : 12);
  const Icon icon = status.offline    ? Icon::cloud_off
                    : !calm           ? Icon::cloud_upload
                    : status.fetching ? Icon::refresh_cw
                                      : Icon::cloud_check;
  const Color color = calm && !status.fetching ? Color::ok : Color::text_2;
  paint_icon(frame, inside.cut_left(18, 8), icon, 18, frame.color(color));
  if (!calm) {
    paint_pieces(frame, inside, pill_pieces(words, format::whole(status.waiting)));
  } else if (!phone) {
    paint_line(frame, inside, words, type::kLabel, frame.color(color));
  }
  if (response.focused) focus_ring(frame, box, box.h / 2);
  return response.clicked;
}

}  // namespace banyan::ui
