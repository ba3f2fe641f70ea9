// The people of the product's target pictures, from assets/demo/cast.json, with
// days counted from the day of the demo.
#pragma once

#include <map>

#include "sync-server/demo/json_reader.h"
#include "sync-server/demo/people.h"
#include "sync-server/demo/writer.h"

namespace banyan::demo {

class Cast {
 public:
  Cast(const Lists& lists, const Bank& bank, Numbers& numbers, ImportTarget& target)
      : lists_(lists), bank_(bank), numbers_(numbers), target_(target) {}

  // Everybody, each in the portfolio of the first officer (the cast's own).
  Result<std::vector<Customer>> customers();
  // After customers().
  Result<std::vector<Group>> groups();
  // Tasks of the officer's own, about no customer.
  Result<std::vector<Task>> tasks();

 private:
  Customer person(const Json& json);
  Account account(const Json& json);
  void relations(const Json& json, Customer& from, std::vector<Customer>& all);
  Task task(const Json& json);
  void plan(const Json& json, Customer& customer);
  VisitDone visit(const Json& json);
  std::optional<std::int64_t> optional(const Json& json, std::string_view key);
  std::optional<std::int64_t> optional_day(const Json& json, std::string_view key);
  Word word(const Json& json, std::string_view key);
  std::size_t village_named(const std::string& name);

  const Lists& lists_;
  const Bank& bank_;
  Numbers& numbers_;
  ImportTarget& target_;
  JsonReader in_{"cast.json"};
  std::map<std::string, std::size_t> by_key_;  // place in customers()
  std::vector<Group::Member> members_;         // by the same place
};

}  // namespace banyan::demo
