// What the demo bank is made of, before it becomes rows. Choices are named as
// in the packs; such views point into the lists or at literals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/ids.h"

namespace banyan::demo {

using Word = std::string_view;  // a choice's name; empty: unknown

struct Officer {
  RowId row{};
  std::size_t branch = 0;
  std::uint32_t customers = 0;
  std::uint32_t visits_today = 0, visits_later = 0, tasks = 0;
};

struct Village {
  RowId row{};
  std::string name;
  std::size_t branch = 0;
  std::int64_t latitude_micro = 0, longitude_micro = 0;
  int teams = 6;
};

struct Movement {
  std::int64_t day = 0;
  int minute = 0;
  std::int64_t amount_minor = 0;  // in positive, out negative
  Word kind, channel;
  std::string text, counterparty;
};

struct Account {
  RowId row{};
  Word product;  // key of the seed
  std::string number;
  std::int64_t opened = 0;
  std::optional<std::int64_t> due, amount_minor, balance_minor;  // a loan's balance is negative
  Word status = "active";
  std::optional<std::int64_t> closed, overdue_days, overdue_minor, next_due, next_minor;
  std::vector<Movement> movements;  // by day and minute
};

struct Contact {
  std::int64_t day = 0;
  int minute = 0;
  Word channel, direction, topic, product, outcome;
  std::string text;
};

struct VisitDone {
  std::int64_t day = 0;
  int minute = 0, minutes = 20;
  Word purpose, product, outcome;
  std::string note, next_step;
  std::optional<std::int64_t> next_on, land, income_per_mu_minor;
  RowId plan{};
};

struct VisitPlanned {
  RowId row{};
  std::int64_t day = 0;
  int minute = 0, stop = 0;
  Word purpose, product, state = "planned";
  std::string note;
};

struct Task {
  std::string title, text;
  std::int64_t day = 0;
  std::optional<std::int64_t> minute, amount_minor, done_ms;
  Word kind, priority, source;
};

struct Request {
  Word kind, state, channel;
  std::string subject, text;
  std::int64_t day = 0;
  std::int64_t due_day = 0;
};

struct Need {
  Word topic, product;
  std::string text;
  std::int64_t day = 0;
  std::optional<std::int64_t> amount_minor, wanted_on;
};

struct Preference {
  Word topic;
  std::string text;
  std::int64_t day = 0;
};

struct Paper {
  Word kind;
  std::string name;
  std::int64_t day = 0;
  std::optional<std::int64_t> expires;
};

struct Relation {
  RowId other{};
  std::string other_name;
  Word kind;
  std::string note;
  Word guarantee;
  std::optional<std::int64_t> amount_minor, until;
  RowId row{}, mirror_of{};
};

struct CropPlan {
  Word crop, season;
  std::int64_t year = 0, land = 0, income_per_mu_minor = 0, sown_on = 0, harvest_on = 0;
};

struct Customer {
  RowId row{};
  std::string name, id_no, phone, address, customer_no;
  Word kind = "person", status = "active", level, gender, occupation, education, marital, channel,
       source = "branch", livelihood, industry;
  std::optional<std::int64_t> born_day, id_expires, income_minor, land, land_own, dependants,
      founded, staff_count, capital_minor;
  std::string contact, legal_rep, employer;
  std::size_t village = 0;
  int team = 0;
  std::int64_t since = 0;
  std::size_t officer = 0;
  std::vector<Word> tags, crops, consents;

  std::vector<Account> accounts;
  std::vector<Contact> contacts;
  std::vector<VisitDone> visits;
  std::vector<VisitPlanned> plans;
  std::vector<Task> tasks;
  std::vector<Request> requests;
  std::vector<Need> needs;
  std::vector<Preference> preferences;
  std::vector<Paper> papers;
  std::vector<Relation> relations;
  std::vector<CropPlan> crop_plans;

  std::int64_t assets_minor() const;  // positive kinds
  std::int64_t owed_minor() const;
};

struct Member {
  std::string name;
  RowId customer{};
  Word role;
  std::int64_t born_day = 0;
  bool away = false;
};

struct Household {
  RowId row{};
  std::vector<Customer> customers;  // the head first
  std::vector<Member> members;      // the head first; some are no customers
  std::int64_t income_minor = 0;
};

struct Group {
  RowId row{};
  std::string name;
  std::size_t village = 0, officer = 0;
  std::int64_t formed = 0, signed_on = 0, ends = 0;
  std::int64_t amount_minor = 0;
  struct Member {
    RowId customer{};
    std::string name;
  };
  std::vector<Member> members;  // the leader first
};

}  // namespace banyan::demo
