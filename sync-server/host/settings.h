// What the command line, the environment and the configuration file say.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace banyan::server {

// Of every command that works on a bank.
struct BankSettings {
  std::filesystem::path data = "data";
  std::filesystem::path packs;  // default: the shipped ones
  std::string store;            // "postgresql://..."; empty: SQLite in the data folder
  std::string organisation_name = "Banyan";
};

struct ServeSettings {
  BankSettings bank;
  std::string address = "localhost";
  std::uint16_t port = 8080;
  std::filesystem::path web = "build/web";
  bool tls = false;  // a development authority
  std::filesystem::path certificate, key;
  std::vector<std::string> origins;  // further ones that may open the news channel
  std::string public_url;            // how tablets reach us; default: from address and port
  std::size_t connections_max = 12'000;
  int keep_days = 400;        // how long each field says who changed it, before it is folded
  int silent_days = 180;      // a tablet that nobody has heard of for so long is retired; 0: never
  std::filesystem::path log;  // empty: standard error
  std::filesystem::path chunks;  // photos and scans; empty: in the data folder
  std::string listen;            // with a store behind a pooler: the database itself
};

struct DemoSettings {
  DemoSettings() { bank.organisation_name = "青禾县农村商业银行"; }
  BankSettings bank;
  std::string size = "small";
  std::uint64_t seed = 1;
};

struct ImportSettings {
  BankSettings bank;
  std::filesystem::path folder;
  std::uint64_t seed = 1;
  std::filesystem::path reject_file, control_file;
  bool dry_run = false;
};

struct EnrolSettings {
  BankSettings bank;
  std::string staff_no;
  int minutes = 10;
  std::string public_url = "http://localhost:8080";
};

struct CarrySettings {
  BankSettings bank;
  std::filesystem::path file, answer;
};

struct BackupSettings {
  BankSettings bank;
  std::filesystem::path file;
};
struct RestoreSettings {
  BankSettings bank;
  std::filesystem::path file;
};
struct VerifySettings {
  BankSettings bank;
};
struct DevicesSettings {
  BankSettings bank;
};
struct RetireSettings {
  BankSettings bank;
  std::vector<std::uint32_t> devices;
  int silent_days = 0;  // 0: none for that
};
struct ParkedSettings {
  BankSettings bank;
  std::vector<std::uint64_t> let_in;  // empty: list them
};
struct RestoredSettings {
  BankSettings bank;
};
struct MigrateSettings {
  BankSettings bank;  // the store is where it goes
};
struct PackCheckSettings {
  std::filesystem::path folder;
  bool json = false;
};

using Settings =
    std::variant<ServeSettings, DemoSettings, ImportSettings, EnrolSettings, CarrySettings,
                 BackupSettings, RestoreSettings, VerifySettings, DevicesSettings, RetireSettings,
                 ParkedSettings, RestoredSettings, MigrateSettings, PackCheckSettings>;

// Either settings, or a text and an exit code: help (0) or a mistake (2).
struct CommandLine {
  std::variant<Settings, int> what;
  std::string text;
};

// A flag wins over the environment (BANYAN_SERVER_PORT and so on), the environment over
// the JSON file that --config names: {"port": 8080, ...}, keys as the flags.
CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace banyan::server
