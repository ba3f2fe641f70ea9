// A delivery of the Czech bank's shape with three clients, in a folder of its
// own: each test spoils one line of it.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "shared/base/check.h"
#include "shared/platform/random.h"

namespace banyan::test {

class SmallDelivery {
 public:
  SmallDelivery() : dir_(std::filesystem::temp_directory_path() / unique_name()) {
    std::filesystem::create_directories(dir_);
    files_ = {
        {"district.asc", "A1;A2;A3;A4\r\n1;\"Kolin\";\"central Bohemia\";95616\r\n"},
        {"client.asc",
         "\"client_id\";\"birth_number\";\"district_id\"\r\n1;\"706213\";1\r\n2;\"450204\";1\r\n"
         "3;\"406009\";1\r\n"},
        {"account.asc",
         "\"account_id\";\"district_id\";\"frequency\";\"date\"\r\n"
         "10;1;\"POPLATEK MESICNE\";930101\r\n11;1;\"POPLATEK TYDNE\";930102\r\n"},
        {"disp.asc",
         "\"disp_id\";\"client_id\";\"account_id\";\"type\"\r\n1;1;10;\"OWNER\"\r\n"
         "2;2;11;\"OWNER\"\r\n3;3;10;\"DISPONENT\"\r\n"},
        {"order.asc",
         "\"order_id\";\"account_id\";\"bank_to\";\"account_to\";\"amount\";\"k_symbol\"\r\n"
         "1;10;\"YZ\";\"87144583\";2452.00;\"SIPO\"\r\n"},
        {"loan.asc",
         "\"loan_id\";\"account_id\";\"date\";\"amount\";\"duration\";\"payments\";\"status\"\r\n"
         "1;10;980105;24000;24;1000.00;\"C\"\r\n"},
        {"card.asc",
         "\"card_id\";\"disp_id\";\"type\";\"issued\"\r\n1;1;\"gold\";931107 00:00:00\r\n"},
        {"trans.asc",
         "\"trans_id\";\"account_id\";\"date\";\"type\";\"operation\";\"amount\";\"balance\";"
         "\"k_symbol\";\"bank\";\"account\"\r\n"
         // The second day's rows are not in the order in which they happened.
         "1;10;930101;\"PRIJEM\";\"VKLAD\";700.00;700.00;\"\";;\r\n"
         "3;10;930105;\"VYDAJ\";\"VYBER\";200.00;1500.00;\"\";;\r\n"
         "2;10;930105;\"PRIJEM\";\"PREVOD Z "
         "UCTU\";1000.00;1700.00;\"DUCHOD\";\"AB\";\"41403269\"\r\n"
         "4;11;930102;\"PRIJEM\";\"VKLAD\";900.00;900.00;\"\";;\r\n"},
    };
    for (const auto& [name, text] : files_) write(name, text);
  }
  ~SmallDelivery() {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }
  SmallDelivery(const SmallDelivery&) = delete;
  SmallDelivery& operator=(const SmallDelivery&) = delete;

  const std::filesystem::path& dir() const { return dir_; }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name, std::ios::binary) << text;
    files_[name] = text;
  }
  // Puts `to` in the place of the first `from` of that file.
  void replace(const std::string& name, const std::string& from, const std::string& to) {
    std::string text = files_[name];
    const std::size_t at = text.find(from);
    BANYAN_CHECK(at != std::string::npos);
    write(name, text.replace(at, from.size(), to));
  }
  void append(const std::string& name, const std::string& line) {
    write(name, files_[name] + line + "\r\n");
  }

 private:
  static std::string unique_name() {
    return "banyan-delivery-" + std::to_string(SystemRandom().next_u64());
  }
  std::filesystem::path dir_;
  std::map<std::string, std::string> files_;
};

}  // namespace banyan::test
