// What a person at the terminal reads when the server has started.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sync-server/host/bank.h"

namespace banyan::server {

// A member of a demo bank's staff, so that the console can offer a code.
struct DemoPerson {
  std::string name, staff_no, role, branch;
  RowId staff{};
};
// DIR/demo.json: present in demo banks only.
Status write_demo_people(const std::filesystem::path& folder,
                         const std::vector<DemoPerson>& people);
Result<std::vector<DemoPerson>> read_demo_people(const std::filesystem::path& folder);

// "URL/#enrol=CODE.FINGERPRINT": what the QR of a code holds.
std::string enrol_url(const std::string& url, const std::string& code, const Keys& keys);

// Fresh codes, good for a day, for a field officer, a branch manager and
// headquarters of a demo bank; prints names, codes and links. Nothing for a real bank.
Status offer_demo_codes(Bank& bank, const std::string& url);

}  // namespace banyan::server
