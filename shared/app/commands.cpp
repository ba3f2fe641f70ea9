#include "shared/app/commands.h"

#include "shared/app/drafts.h"
#include "shared/app/photo_lane.h"
#include "shared/base/place.h"
#include "shared/base/text.h"
#include "shared/changelog/paragraphs.h"
#include "shared/storage/transaction.h"

namespace banyan {

namespace {

Value ref_or_null(RowId id) { return id == kNoRow ? Value{} : Value{id}; }

Value text_or_null(std::string_view text) {
  const std::string_view kept = trim(text);
  return kept.empty() ? Value{} : Value{std::string(kept)};
}

Value number_or_null(std::int64_t number) { return number == 0 ? Value{} : Value{number}; }

Value day_or_null(std::int64_t day) { return day == kNoDay ? Value{} : Value{day}; }

Draft draft_of(RowId aggregate, RowWrite write) {
  Draft draft;
  draft.aggregate = aggregate;
  draft.rows.push_back(std::move(write));
  return draft;
}

Draft removal(RowId aggregate, const Entity& entity, RowId row) {
  return draft_of(aggregate, RowDraft(entity, Op::Delete, row).take());
}

// The value that a field has now, as the way back.
Result<Value> value_now(const Session& session, const Entity& entity, RowId row,
                        std::string_view field) {
  TRY_ASSIGN(const Row loaded, session.replica().load(entity, row));
  if (!loaded.alive()) return fail(ErrorCode::NotFound, entity.name);
  return loaded.cell(entity.field(field)->no);
}

Draft new_task(Session& session, RowId customer, std::string_view title, std::int64_t due_day) {
  const Entity& task = *session.names().task;
  RowDraft row = new_row(session, task);
  const RowId id = row.id();
  row.set("title", text_or_null(utf8_prefix(trim(title), task.field("title")->length_max)))
      .set("customer", customer == kNoRow ? Value{} : Value{customer})
      .set("owner", session.me().staff)
      .set("branch", session.me().branch)
      .set("due_on", day_or_null(due_day))
      .set("state", session.names().task_open)
      .set("source", session.names().source_self);
  return draft_of(id, row.take());
}

void add_photos(Session& session, const VisitReport& report, RowId visit, Draft& draft) {
  const Names& names = session.names();
  for (const Photo& photo : report.photos) {
    RowDraft row = new_row(session, *names.document);
    row.set("kind", names.document_photo)
        .set("file", std::string(as_text(photo.hash.view())))
        .set("mime", std::string("image/jpeg"))
        .set("size", photo.size)
        .set("taken_at", photo.taken_ms)
        .set("visit", visit)
        .set("width", number_or_null(photo.width))
        .set("height", number_or_null(photo.height));
    draft.rows.push_back(row.take());
  }
}

}  // namespace

Result<Photo> add_photo(Session& session, ByteView jpeg, std::int64_t width, std::int64_t height) {
  TRY_ASSIGN(Transaction change, Transaction::begin(session.database()));
  TRY_ASSIGN(const Hash256 hash, session.photos().keep(jpeg));
  TRY(change.commit());
  return Photo{hash, static_cast<std::int64_t>(jpeg.size()), width, height, session.now_ms()};
}

Result<Bytes> read_photo(Session& session, const Hash256& hash) {
  return session.photos().read(hash);
}

Result<RowId> save_visit(Session& session, const VisitReport& report) {
  const Names& names = session.names();
  RowDraft visit = new_row(session, *names.visit);
  const RowId id = visit.id();
  const bool placed = report.accuracy_m > 0;
  visit.set("planned", ref_or_null(report.plan))
      .set("staff", session.me().staff)
      .set("arrived_at", report.arrived_ms)
      .set("place", placed ? Value{cell_of(report.place)} : Value{})
      .set("accuracy", placed ? Value{report.accuracy_m} : Value{})
      .set("purpose", report.purpose)
      .set("product", ref_or_null(report.product))
      .set("note", text_or_null(report.note))
      .set("outcome", report.outcome)
      .set("next_step", text_or_null(report.next_step))
      .set("next_on", day_or_null(report.next_day))
      .set("left_at", session.now_ms());
  std::vector<Draft> drafts{draft_of(report.customer, visit.take())};
  add_photos(session, report, id, drafts.front());
  if (report.plan != kNoRow) {
    drafts.front().rows.push_back(
        RowDraft(*names.visit_plan, Op::Update, report.plan).set("state", names.plan_done).take());
  }
  if (!trim(report.next_step).empty()) {
    drafts.push_back(new_task(session, report.customer, report.next_step, report.next_day));
  }
  TRY(write(session, std::move(drafts), {}));  // evidence is corrected, not taken back
  return id;
}

Result<RowId> plan_visit(Session& session, RowId customer, std::int64_t purpose, std::int64_t day,
                         std::int64_t minute) {
  const Entity& plan = *session.names().visit_plan;
  RowDraft row = new_row(session, plan);
  const RowId id = row.id();
  row.set("planned_on", day)
      .set("minute", minute < 0 ? Value{} : Value{minute})
      .set("purpose", purpose)
      .set("staff", session.me().staff)
      .set("state", session.names().plan_planned);
  TRY(write(session, {draft_of(customer, row.take())}, {removal(customer, plan, id)}));
  return id;
}

Result<RowId> add_interaction(Session& session, RowId customer, std::int64_t channel,
                              std::int64_t direction, std::string_view text, RowId product) {
  if (trim(text).empty()) return fail(ErrorCode::Invalid, "interaction without text");
  RowDraft row = new_row(session, *session.names().interaction);
  const RowId id = row.id();
  row.set("channel", channel)
      .set("direction", direction)
      .set("at", session.now_ms())
      .set("staff", session.me().staff)
      .set("product", ref_or_null(product))
      .set("text", text_or_null(text));
  TRY(write(session, {draft_of(customer, row.take())}, {}));
  return id;
}

Result<RowId> add_task(Session& session, RowId customer, std::string_view title,
                       std::int64_t due_day) {
  if (trim(title).empty()) return fail(ErrorCode::Invalid, "task without title");
  Draft draft = new_task(session, customer, title, due_day);
  const RowId id = draft.aggregate;
  TRY(write(session, {std::move(draft)}, {removal(id, *session.names().task, id)}));
  return id;
}

Status set_task_done(Session& session, RowId task, bool done) {
  const Names& names = session.names();
  TRY_ASSIGN(const Value state, value_now(session, *names.task, task, "state"));
  TRY_ASSIGN(const Value done_at, value_now(session, *names.task, task, "done_at"));
  const auto set = [&](Value new_state, Value new_time) {
    return draft_of(task, RowDraft(*names.task, Op::Update, task)
                              .set("state", std::move(new_state))
                              .set("done_at", std::move(new_time))
                              .take());
  };
  const Value now = done ? Value{session.now_ms()} : Value{};
  return write(session, {set(done ? names.task_done : names.task_open, now)},
               {set(state, done_at)});
}

Status set_tag(Session& session, RowId customer, RowId tag, bool on) {
  const Entity& entity = *session.names().customer;
  const auto change = [&](Op op) {
    return draft_of(customer, RowDraft(entity, op, customer).set("tags", tag).take());
  };
  return write(session, {change(on ? Op::Add : Op::Remove)}, {change(on ? Op::Remove : Op::Add)});
}

Status resolve_conflict(Session& session, const ConflictItem& conflict, const Value& value) {
  RowDraft row(*conflict.entity, Op::Update, conflict.row);
  if (conflict.field->merge == Merge::Text) {
    const ParagraphWrite paragraph{conflict.element, value};
    row.set(*conflict.field, encode_paragraphs(std::span(&paragraph, 1)));
  } else {
    row.set(*conflict.field, value);
  }
  return write(session, {draft_of(conflict.aggregate, row.take())}, {});
}

bool can_undo(Session& session) {
  return !session.undo().drafts.empty() && session.clock().monotonic_ms() < session.undo().until_ms;
}

Status undo(Session& session) {
  if (!can_undo(session)) return fail(ErrorCode::NotFound, "nothing to take back");
  std::vector<Draft> back = std::move(session.undo().drafts);
  return write(session, std::move(back), {});
}

}  // namespace banyan
