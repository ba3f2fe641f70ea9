#include "client/views/sync_state.h"

#include <algorithm>
#include <vector>

#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

using Trouble = banyan::SyncStatus::Trouble;

constexpr float kPad = 16, kStateDisc = 52, kCell = 58, kPairRow = 30, kTrack = 18;

bool running(const Session& session) {
  return session.sync_status().state == banyan::SyncStatus::State::Running;
}

StandingWords at_peace(Frame& frame, const Session& session, std::int64_t waiting) {
  if (waiting == 0 && session.first_sync()) {
    return {Icon::refresh_cw,
            Tint::quiet,
            std::string(frame.t(T::first_wait)),
            std::string(frame.t(T::first_wait_note)),
            {}};
  }
  if (waiting == 0) {
    return {Icon::cloud_check,
            Tint::primary,
            std::string(frame.t(T::outbox_idle)),
            std::string(frame.t(T::outbox_idle_note)),
            {}};
  }
  return {Icon::cloud_upload,
          Tint::quiet,
          frame.count(T::outbox_waiting, waiting),
          std::string(frame.t(T::outbox_waiting_note)),
          {}};
}

StandingWords offline(Frame& frame, const banyan::SyncStatus& status) {
  std::string title(frame.t(T::outbox_offline_new));
  if (status.last_success_ms != 0) {
    const std::int64_t away =
        std::max<std::int64_t>(frame.clock.now_ms - status.last_success_ms, 0);
    title = frame.fill(T::outbox_offline, {{"span", format::span(frame.texts, away)}});
  }
  return {Icon::cloud_off,
          Tint::quiet,
          std::move(title),
          std::string(frame.t(T::outbox_offline_note)),
          {}};
}

struct PairWords {
  std::string name, value;
};

std::vector<PairWords> pairs_of(Frame& frame, const Session& session, const OutboxSummary& outbox) {
  const banyan::SyncStatus& status = session.sync_status();
  std::vector<PairWords> out;
  std::string last(frame.t(T::outbox_never));
  if (status.last_success_ms != 0) {
    last = format::date_time(frame.texts, frame.clock, status.last_success_ms);
    if (status.took_ms > 0) {
      last = frame.count(T::outbox_took, (status.took_ms + 999) / 1000, {{"time", last}});
    }
  }
  out.push_back({std::string(frame.t(T::outbox_last)), std::move(last)});
  if (status.trouble != Trouble::None && status.next_try_ms > frame.clock.now_ms) {
    out.push_back({std::string(frame.t(T::outbox_next)),
                   format::date_time(frame.texts, frame.clock, status.next_try_ms)});
  }
  if (status.bytes_sent + status.bytes_received > 0) {
    const auto size = [&](std::uint64_t bytes) {
      return format::bytes(frame.texts, static_cast<std::int64_t>(bytes));
    };
    const std::string sent = size(status.bytes_sent), received = size(status.bytes_received);
    out.push_back({std::string(frame.t(T::outbox_traffic)),
                   frame.fill(T::outbox_traffic_both, {{"sent", sent}, {"received", received}})});
  }
  if (outbox.photos > 0) {
    const std::string size = format::bytes(frame.texts, static_cast<std::int64_t>(outbox.bytes));
    out.push_back({std::string(frame.t(T::outbox_photos)),
                   frame.count(T::outbox_photo_count, outbox.photos, {{"bytes", size}})});
  }
  return out;
}

void cell(Frame& frame, const Rect& rect, T name, int count, Color color) {
  Rect inside = rect.centered(rect.w - 8, 42);
  const std::string number_text = std::to_string(count);
  paint_line(frame, inside.cut_top(26), number_text, type::kTitle,
             frame.color(count > 0 ? color : Color::text), Align::center);
  paint_line(frame, inside, frame.t(name), type::kCaption, frame.color(Color::text_2),
             Align::center);
  frame.access.add_text(Role::text, rect, std::string(frame.t(name)) + " " + number_text);
}

void states(Frame& frame, const Rect& rect, const OutboxSummary& outbox) {
  outline(frame, rect, frame.color(Color::line), radius::kButton);
  const struct {
    T name;
    int count;
    Color color;
  } kCells[] = {{T::sync_saved, outbox.saved, Color::text},
                {T::sync_sending, outbox.sent, Color::info},
                {T::sync_received, outbox.received, Color::ok},
                {T::sync_safe, outbox.safe, Color::ok},
                {T::sync_decide, outbox.conflicts, Color::conflict},
                {T::sync_held, outbox.blocked, Color::danger}};
  Rect left = rect;
  const int columns = frame.tight() ? 2 : 3;
  for (int row = 0; row < 6 / columns; ++row) {
    const Rect line_of = left.cut_top(kCell);
    if (row > 0) rule_above(frame, line_of);
    for (int column = 0; column < columns; ++column) {
      const Rect place = line_of.column(column, columns, 0);
      if (column > 0) rule_left(frame, place);
      const auto& one = kCells[row * columns + column];
      cell(frame, place, one.name, one.count, one.color);
    }
  }
}

std::int64_t waiting_of(const OutboxSummary& outbox) { return outbox.saved + outbox.sent; }

float cells_height(const Frame& frame) { return (frame.tight() ? 3 : 2) * kCell; }

float words_height(Frame& frame, float width, const StandingWords& words) {
  if (!frame.tight()) width -= kStateDisc + 12;
  const float title = paragraph_height(frame, words.title, type::kTitle, width);
  const float note = paragraph_height(frame, words.note, type::kSmall, width);
  return std::max(kStateDisc, title + note + (words.code.empty() ? 0 : 18.0f));
}

}  // namespace

StandingWords standing_words(Frame& frame, const Session& session, std::int64_t waiting) {
  const banyan::SyncStatus& status = session.sync_status();
  const auto trouble = [&](Icon icon, T title, T words) {
    return StandingWords{icon, Tint::warn, std::string(frame.t(title)), std::string(frame.t(words)),
                         status.detail};
  };
  if (session.stopped()) {
    return {Icon::circle_alert, Tint::danger, std::string(frame.t(T::outbox_stopped_title)),
            std::string(frame.t(T::outbox_stopped_note)),
            std::string(name_of(session.stopped()->code))};
  }
  if (running(session)) {
    return {Icon::refresh_cw,
            Tint::info,
            std::string(frame.t(T::outbox_running)),
            std::string(frame.t(T::outbox_running_note)),
            {}};
  }
  switch (status.trouble) {
    case Trouble::None: return at_peace(frame, session, waiting);
    case Trouble::NoNetwork: return offline(frame, status);
    case Trouble::ServerBusy: {
      StandingWords words = trouble(Icon::hourglass, T::outbox_busy_title, T::outbox_busy_note);
      words.tone = Tint::quiet;
      return words;
    }
    case Trouble::UnknownDevice:
      return trouble(Icon::tablet, T::outbox_unknown_title, T::outbox_unknown_note);
    case Trouble::Retired:
      return trouble(Icon::lock, T::outbox_retired_title, T::outbox_retired_note);
    case Trouble::Forked: return trouble(Icon::copy, T::outbox_forked_title, T::outbox_forked_note);
    case Trouble::NewerCatalogue:
      return trouble(Icon::refresh_cw, T::outbox_newer_title, T::outbox_newer_note);
    case Trouble::Refused:
      return trouble(Icon::cloud_alert, T::outbox_refused_title, T::outbox_refused_note);
    case Trouble::Storage:
      return trouble(Icon::circle_alert, T::outbox_storage_title, T::outbox_storage_note);
  }
  return at_peace(frame, session, waiting);
}

float sync_card_height(Frame& frame, float width, const Session& session,
                       const OutboxSummary& outbox) {
  const StandingWords words = standing_words(frame, session, waiting_of(outbox));
  const auto pairs = static_cast<float>(pairs_of(frame, session, outbox).size());
  return 2 * kPad + words_height(frame, width - 2 * kPad, words) + 12 +
         (running(session) ? kTrack : 0) + cells_height(frame) + 8 +
         pairs * pair_height(frame, kPairRow);
}

void sync_card(Frame& frame, const Rect& rect, const Session& session,
               const OutboxSummary& outbox) {
  Rect inside = card(frame, rect, kPad);
  const StandingWords words = standing_words(frame, session, waiting_of(outbox));
  Rect top = inside.cut_top(words_height(frame, inside.w, words), 12);
  if (!frame.tight()) {
    icon_disc(frame, {top.x, top.y, kStateDisc, kStateDisc}, words.icon, words.tone, size::kIconL);
    top.cut_left(kStateDisc + 12);
  }
  top.cut_top(headline(frame, top, words.title, type::kTitle, 2));
  top.cut_top(paragraph(frame, top, words.note, type::kSmall, Color::text_2));
  if (!words.code.empty()) label(frame, top.cut_top(18), words.code, type::kCaption, Color::text_3);
  if (running(session)) {
    paint_track(frame, inside.cut_top(kTrack).inset(0, 6),
                static_cast<float>(session.sync_status().part()));
  }
  states(frame, inside.cut_top(cells_height(frame), 8), outbox);
  for (const PairWords& one : pairs_of(frame, session, outbox)) {
    pair(frame, inside.cut_top(pair_height(frame, kPairRow)), one.name, one.value);
  }
}

std::string_view refusal_words(const Frame& frame, Outcome outcome) {
  switch (outcome) {
    case Outcome::DeadRow: return frame.t(T::outbox_why_dead);
    case Outcome::IdTaken: return frame.t(T::outbox_why_taken);
    case Outcome::NoRow: return frame.t(T::outbox_why_no_row);
    case Outcome::NoAccess: return frame.t(T::outbox_why_access);
    case Outcome::NotYours: return frame.t(T::outbox_why_server);
    case Outcome::Malformed: return frame.t(T::outbox_why_malformed);
    case Outcome::StateMoved: return frame.t(T::outbox_why_moved);
    case Outcome::NotAllowed: return frame.t(T::outbox_why_not_allowed);
    case Outcome::GuardFailed: return frame.t(T::outbox_why_guard);
    case Outcome::FieldMissing: return frame.t(T::outbox_why_missing);
    case Outcome::NoMove: return frame.t(T::outbox_why_no_move);
    case Outcome::Full: return frame.t(T::outbox_why_full);
    case Outcome::Ok:
    case Outcome::Lost:
    case Outcome::Sibling: break;
  }
  return {};
}

}  // namespace banyan::ui
