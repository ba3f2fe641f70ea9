// The tabs that are one list: accounts, transactions, contact, requests.
#include "client/views/customer_rows.h"
#include "client/views/customer_view.h"
#include "client/views/pack_words.h"
#include "client/views/value_words.h"
#include "client/widgets/card.h"
#include "client/widgets/draw.h"
#include "client/widgets/scroll.h"
#include "client/widgets/states.h"
#include "client/widgets/table.h"
#include "client/widgets/text.h"
#include "shared/base/money.h"

namespace banyan::ui {

namespace {

std::string transaction_words(Frame& frame, const TransactionItem& one) {
  std::string what = joined(frame, word(frame, one.kind), one.text);
  if (!one.counterparty.empty()) what = joined(frame, what, one.counterparty);
  return one.unposted ? joined(frame, what, frame.t(T::customer_unposted)) : what;
}

}  // namespace

void CustomerView::accounts(Frame& frame, Rect area) {
  const auto& all = data_.accounts();
  area = RowList::card(frame, area, row_height(frame, kProductRow), all.size());
  paint_card(frame, area);
  if (all.empty()) {
    empty_state(frame, area,
                {.icon = Icon::wallet,
                 .title = frame.t(T::customer_no_accounts),
                 .text = frame.t(T::customer_no_accounts_note)});
    return;
  }
  const std::int64_t today = data_.session().today();
  RowList rows(frame, frame.id("accounts"), area.inset(1), row_height(frame, kProductRow),
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    account_row(frame, rows.rect(), all[static_cast<std::size_t>(rows.index())], rows.index() == 0,
                today);
  }
}

void CustomerView::transactions(Frame& frame, Rect area) {
  const auto& all = data_.transactions();
  area = RowList::card(frame, area, row_height(frame, kProductRow), all.size());
  paint_card(frame, area);
  if (all.empty()) {
    empty_state(frame, area,
                {.icon = Icon::list,
                 .title = frame.t(T::customer_no_transactions),
                 .text = frame.t(T::customer_no_transactions_note)});
    return;
  }
  if (frame.phone()) return transaction_rows(frame, area.inset(1));
  const Column columns[] = {{.label = frame.t(T::customer_date), .width = 128},
                            {.label = frame.t(T::customer_what)},
                            {.label = frame.t(T::customer_account), .width = 180},
                            {.label = frame.t(T::customer_amount), .width = 120, .right = true},
                            {.label = frame.t(T::customer_balance), .width = 132, .right = true}};
  const Table table(frame, area.inset(1), columns);
  RowList rows(frame, frame.id("transactions"), table.body(), size::kRowDense,
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    const TransactionItem& one = all[static_cast<std::size_t>(rows.index())];
    const std::string day = format::day(frame.texts, frame.clock, one.day);
    const std::string what = transaction_words(frame, one);
    const std::string amount = format_amount(one.amount_minor);
    const std::string balance = one.has_balance ? format_amount(one.balance_minor)
                                                : std::string(frame.t(T::format_unknown));
    const std::string name = day + " " + what + " " + amount;
    const Table::Row row = table.row(
        rows.index(), rows.rect(), static_cast<std::uint64_t>(number(one.id)),
        {.name = name, .first = rows.index() == 0, .count = static_cast<std::int64_t>(all.size())});
    row.cell(0, day, Color::text_2);
    row.cell(1, what);
    row.cell(2, one.product, Color::text_2);
    row.cell(3, amount, Color::text, true);
    row.cell(4, balance, Color::text_2);
  }
}

void CustomerView::transaction_rows(Frame& frame, Rect area) {
  const auto& all = data_.transactions();
  RowList rows(frame, frame.id("transactions"), area, row_height(frame, kProductRow),
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    const TransactionItem& one = all[static_cast<std::size_t>(rows.index())];
    IdScope scope(static_cast<std::uint64_t>(number(one.id)));
    const std::string what = transaction_words(frame, one),
                      amount = format_amount(one.amount_minor);
    const std::string when =
        joined(frame, format::day(frame.texts, frame.clock, one.day), one.product);
    list_row(frame, rows.rect(),
             {.title = what,
              .subtitle = when,
              .value = amount,
              .first = rows.index() == 0,
              .position = rows.index() + 1,
              .count = static_cast<std::int64_t>(all.size())});
  }
}

void CustomerView::contact(Frame& frame, Rect area) { timeline_card(frame, area, SIZE_MAX); }

void CustomerView::requests(Frame& frame, Rect area) {
  const Entity& entity = *data_.session().names().request;
  const auto& all = data_.children(entity);
  area = RowList::card(frame, area, row_height(frame, size::kRow), all.size());
  paint_card(frame, area);
  if (all.empty()) {
    empty_state(frame, area,
                {.icon = Icon::headset,
                 .title = frame.t(T::customer_no_requests),
                 .text = frame.t(T::customer_no_requests_note)});
    return;
  }
  RowList rows(frame, frame.id("requests"), area.inset(1), row_height(frame, size::kRow),
               static_cast<std::int64_t>(all.size()));
  while (rows.next()) {
    const RecordView& one = all[static_cast<std::size_t>(rows.index())];
    IdScope scope(static_cast<std::uint64_t>(number(one.id)));
    std::string title = title_of(data_.session(), entity, one.id), facts;
    std::vector<TagSpec> tags;
    std::string state;
    for (const FieldView& field : one.fields) {
      if (is_null(field.value)) continue;
      const std::string words = value_words(frame, data_.session(), *field.field, field.value);
      if (field.field->name == "state") {
        state = words;
        const Choice* choice = field.field->choice(int_of(field.value));
        tags.push_back({.label = state,
                        .tone = choice == nullptr ? Tint::quiet : tone_of(choice->tone),
                        .small = true});
      } else if (field.field->name == "kind" || field.field->name == "opened_at" ||
                 field.field->name == "handler") {
        facts = joined(frame, facts, words);
      }
    }
    list_row(frame, rows.rect(),
             {.title = title,
              .subtitle = facts,
              .icon = Icon::headset,
              .boxed_icon = true,
              .tone = Tint::info,
              .tags = tags,
              .first = rows.index() == 0});
  }
}

}  // namespace banyan::ui
