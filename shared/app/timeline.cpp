#include <algorithm>

#include "shared/app/ask.h"
#include "shared/app/queries.h"
#include "shared/base/date.h"

namespace banyan {

namespace {

constexpr std::int64_t kWorthALine = 1'000'000;  // smaller credits and debits are no news

void add(const Session& session, const Entity& entity, TimelineItem::Kind kind,
         std::string_view label_field, std::string_view sql, RowId customer, std::int64_t limit,
         std::vector<TimelineItem>& out) {
  ask(
      session, sql,
      [&](const Statement& row) {
        TimelineItem item;
        item.kind = kind;
        item.id = row.row_id(0);
        item.at_ms = row.integer(1);
        item.what =
            label_field.empty() ? entity.label : label_of(entity, label_field, row.integer(2));
        item.text = text_at(row, 3);
        item.who = text_at(row, 4);
        item.amount_minor = row.integer(5);
        item.choice = row.integer(2);
        item.product = text_at(row, 6);
        out.push_back(std::move(item));
      },
      customer, limit);
}

std::vector<PhotoItem> photos_of(const Session& session, RowId customer, RowId visit) {
  std::vector<PhotoItem> out;
  ask(
      session,
      "SELECT d.file, EXISTS(SELECT 1 FROM photo p WHERE p.hash=d.file) FROM document d"
      " WHERE d._agg=?1 AND d.visit=?2 AND d._dead=0 AND d.mime LIKE 'image/%' ORDER BY "
      "d.taken_at, d.id",
      [&](const Statement& row) {
        const ByteView hash = row.blob(0);
        out.push_back({Bytes(hash.begin(), hash.end()), row.integer(1) != 0});
      },
      customer, visit);
  return out;
}

}  // namespace

std::vector<TimelineItem> read_timeline(const Session& session, RowId customer,
                                        std::size_t count_max) {
  const Names& names = session.names();
  const auto limit = static_cast<std::int64_t>(count_max);
  using Kind = TimelineItem::Kind;
  std::vector<TimelineItem> out;
  add(session, *names.interaction, Kind::Interaction, "channel",
      "SELECT i.id, i.at, i.channel, i.text, s.name, 0, p.name FROM interaction i LEFT JOIN staff s"
      " ON s.id=i.staff LEFT JOIN product p ON p.id=i.product WHERE i._agg=?1 AND i._dead=0 ORDER "
      "BY i.at DESC LIMIT ?2",
      customer, limit, out);
  add(session, *names.visit, Kind::Visit, "purpose",
      "SELECT v.id, v.arrived_at, v.purpose, v.note, s.name, v.amount, p.name FROM visit v LEFT "
      "JOIN"
      " staff s ON s.id=v.staff LEFT JOIN product p ON p.id=v.product WHERE v._agg=?1 AND "
      "v._dead=0 ORDER BY v.arrived_at DESC LIMIT ?2",
      customer, limit, out);
  add(session, *names.txn, Kind::Transaction, "kind",
      "SELECT t.id, coalesce(t.booked_at, t.booked_on*" + std::to_string(kDayMs) +
          "), t.kind, t.text, '', t.amount, '' FROM txn t WHERE t._agg=?1 AND t._dead=0 AND"
          " abs(t.amount)>=" +
          std::to_string(kWorthALine) + " ORDER BY 2 DESC LIMIT ?2",
      customer, limit, out);
  add(session, *names.request, Kind::Request, "kind",
      "SELECT r.id, r.opened_at, r.kind, r.subject, s.name, 0, '' FROM request r LEFT JOIN staff s"
      " ON s.id=r.handler WHERE r._agg=?1 AND r._dead=0 ORDER BY r.opened_at DESC LIMIT ?2",
      customer, limit, out);
  add(session, *names.document, Kind::Document, "kind",
      "SELECT d.id, d.taken_at, d.kind, d.name, '', 0, '' FROM document d WHERE d._agg=?1 AND"
      " d._dead=0 AND d.visit IS NULL ORDER BY d.taken_at DESC LIMIT ?2",
      customer, limit, out);
  std::stable_sort(out.begin(), out.end(),
                   [](const TimelineItem& a, const TimelineItem& b) { return a.at_ms > b.at_ms; });
  if (out.size() > count_max) out.resize(count_max);
  for (TimelineItem& item : out) {
    if (item.kind == Kind::Interaction) item.mark = mark_of(session, *names.interaction, item.id);
    if (item.kind == Kind::Visit) {
      item.mark = mark_of(session, *names.visit, item.id);
      item.photos = photos_of(session, customer, item.id);
    }
  }
  return out;
}

}  // namespace banyan
