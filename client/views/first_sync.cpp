#include "client/views/first_sync.h"

#include "client/widgets/card.h"
#include "client/widgets/steps.h"
#include "client/widgets/text.h"

namespace banyan::ui {

namespace {

constexpr float kInset = 16, kProgress = 64;

bool waits(const Session& session) {
  return session.sync_status().state != banyan::SyncStatus::State::Running;
}

std::string_view words(Frame& frame, const Session& session) {
  return frame.t(waits(session) ? T::first_wait_note : T::first_note);
}

}  // namespace

float first_sync_height(Frame& frame, float width, const Session& session) {
  return 2 * kInset + kProgress +
         paragraph_height(frame, words(frame, session), type::kSmall, width - 2 * kInset);
}

void first_sync_card(Frame& frame, const Rect& rect, const Session& session) {
  Rect inside = card(frame, rect, kInset);
  const banyan::SyncStatus& status = session.sync_status();
  const std::string size =
      format::bytes(frame.texts, static_cast<std::int64_t>(status.bytes_received));
  const std::string detail =
      frame.count(T::first_detail, static_cast<std::int64_t>(status.aggregates), {{"bytes", size}});
  progress(frame, inside.cut_top(kProgress),
           {.label = frame.t(waits(session) ? T::first_wait : T::first_title),
            .detail = detail,
            .part = static_cast<float>(status.part())});
  paragraph(frame, inside, words(frame, session), type::kSmall, Color::text_2);
}

}  // namespace banyan::ui
