#include "sync-server/host/welcome.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "shared/base/date.h"
#include "shared/base/json.h"
#include "shared/sync/enrol.h"
#include "sync-server/host/enrol_codes.h"

namespace banyan::server {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDemoFileMax = 256 * 1024;
constexpr std::array kOfferedRoles{"officer", "manager", "hq"};

std::string text_member(const Json& object, const char* key) {
  const Json* member = json_member(object, key);
  const auto text = member != nullptr ? json_text(*member) : std::nullopt;
  return text ? std::string(*text) : std::string();
}

}  // namespace

Status write_demo_people(const fs::path& folder, const std::vector<DemoPerson>& people) {
  Json list = Json::array();
  for (const DemoPerson& person : people) {
    list.push_back({{"name", person.name},
                    {"staff_no", person.staff_no},
                    {"role", person.role},
                    {"branch", person.branch},
                    {"staff", number(person.staff)}});
  }
  return write_file(folder / kDemoFile, as_bytes(dump_json(list) + "\n"), Readers::Owner);
}

Result<std::vector<DemoPerson>> read_demo_people(const fs::path& folder) {
  const fs::path path = folder / kDemoFile;
  std::vector<DemoPerson> people;
  const auto text = read_text(path, kDemoFileMax);
  if (!text && text.error().code == ErrorCode::NotFound) return people;
  if (!text) return text.error();
  TRY_ASSIGN(const Json list, parse_json(*text, 4, path.string()));
  if (!list.is_array()) return fail(ErrorCode::Corrupt, path.string());
  for (const Json& each : list) {
    const Json* staff = json_member(each, "staff");
    const auto id = staff != nullptr ? json_int(*staff) : std::nullopt;
    if (!id) return fail(ErrorCode::Corrupt, path.string());
    people.push_back({text_member(each, "name"), text_member(each, "staff_no"),
                      text_member(each, "role"), text_member(each, "branch"), RowId{*id}});
  }
  return people;
}

std::string enrol_url(const std::string& url, const std::string& code, const Keys& keys) {
  const std::string fingerprint = sync::key_fingerprint(keys.organisation.verify_key());
  const auto plain = sync::plain_enrol_code(code);
  BANYAN_CHECK(plain.ok());
  return url + "/#" + sync::to_fragment({*plain, fingerprint});
}

Status offer_demo_codes(Bank& bank, const std::string& url) {
  TRY_ASSIGN(const std::vector<DemoPerson> people, read_demo_people(bank.folder()));
  if (people.empty()) return {};
  EnrolCodes codes = bank.codes();
  std::printf(
      "\nA demo bank. Who can log in, each with a code for one new device, good for a day:\n");
  for (const char* role : kOfferedRoles) {
    const auto found = std::find_if(people.begin(), people.end(),
                                    [&](const DemoPerson& each) { return each.role == role; });
    if (found == people.end()) continue;
    const DemoPerson& person = *found;
    TRY_ASSIGN(const std::string code, codes.make(person.staff, kDayMs, bank.random()));
    std::printf("\n  %s  %s  %s  (%s)\n    code %s\n    %s\n", person.name.c_str(),
                person.role.c_str(), person.branch.c_str(), person.staff_no.c_str(), code.c_str(),
                enrol_url(url, code, bank.keys()).c_str());
  }
  std::printf("\nFurther people: banyan-server enrol --user STAFF_NO\n");
  return {};
}

}  // namespace banyan::server
