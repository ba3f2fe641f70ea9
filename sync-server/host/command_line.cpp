#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <sstream>

#include "shared/base/json.h"
#include "sync-server/host/files.h"
#include "sync-server/host/settings.h"

namespace banyan::server {
namespace {

constexpr std::size_t kConfigMax = 64 * 1024;
constexpr int kMistake = 2;

constexpr const char* kFooter =
    "\nEvery option can be set in three places; the first that has it wins:\n"
    "  1. the command line             --port 9000\n"
    "  2. the environment              BANYAN_SERVER_PORT=9000\n"
    "  3. the file of --config FILE    {\"port\": 9000}\n"
    "\nExit codes: 0 done; 1 it did not work; 2 the command was not understood.";

std::string environment_name(std::string flag) {
  std::string name = "BANYAN_SERVER_";  // BANYAN_DATA alone is what the tests read
  for (const char c : flag.substr(2)) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

template <class T>
CLI::Option* option(CLI::App& app, const std::string& flag, T& target, const std::string& help) {
  return app.add_option(flag, target, help)->envname(environment_name(flag))->capture_default_str();
}
CLI::Option* flag(CLI::App& app, const std::string& name, bool& target, const std::string& help) {
  return app.add_flag(name, target, help)->envname(environment_name(name));
}

void bank_options(CLI::App& app, BankSettings& bank) {
  option(app, "--data", bank.data, "the bank's data folder; made when it is not there")
      ->type_name("DIR");
  option(app, "--packs", bank.packs, "folder of the packs (default: the shipped ones)")
      ->type_name("DIR");
  option(app, "--store", bank.store,
         "postgresql://...: the bank lies in that database, and any number of servers may serve it"
         " (default: SQLite in the data folder)")
      ->type_name("URL");
  option(app, "--organisation-name", bank.organisation_name,
         "the bank's name, kept at the first start")
      ->type_name("NAME");
}

// The texts that an option may take from a JSON value: one, or several of a list.
Result<std::vector<std::string>> texts_of(const Json& value, const std::string& key) {
  if (value.is_array()) {
    std::vector<std::string> all;
    for (const Json& each : value) {
      TRY_ASSIGN(const std::vector<std::string> one, texts_of(each, key));
      all.insert(all.end(), one.begin(), one.end());
    }
    return all;
  }
  if (const auto text = json_text(value)) return std::vector<std::string>{std::string(*text)};
  if (const auto number = json_int(value)) return std::vector{std::to_string(*number)};
  if (const auto truth = json_bool(value))
    return std::vector<std::string>{*truth ? "true" : "false"};
  return fail(ErrorCode::Invalid, "\"" + key + "\" is no text, number or true/false");
}

// Fills what neither the command line nor the environment has given.
Status apply_config(CLI::App& command, const std::string& file) {
  TRY_ASSIGN(const std::string text, read_text(file, kConfigMax));
  TRY_ASSIGN(const Json config, parse_json(text, 4, file));
  if (!config.is_object()) return fail(ErrorCode::Invalid, file + " holds no JSON object");
  for (const auto& [key, value] : config.items()) {
    CLI::Option* target = command.get_option_no_throw("--" + key);
    if (target == nullptr || key == "config" || key == "help") {
      return fail(ErrorCode::Invalid, file + ": no option \"" + key + "\" of this command");
    }
    if (target->count() > 0) continue;
    TRY_ASSIGN(const std::vector<std::string> texts, texts_of(value, key));
    for (const std::string& each : texts) target->add_result(each);
    target->run_callback();
  }
  return {};
}

struct Command {
  CLI::App* app = nullptr;
  std::function<Settings()> settings;
};

// Owns the values that the options point to while a line is parsed.
struct Parser {
  ServeSettings serve;
  DemoSettings demo;
  ImportSettings import;
  EnrolSettings enrol;
  CarrySettings carry;
  BackupSettings backup;
  RestoreSettings restore;
  VerifySettings verify;
  DevicesSettings devices;
  RetireSettings retire;
  ParkedSettings parked;
  RestoredSettings restored;
  MigrateSettings migrate;
  PackCheckSettings pack_check;
  std::string import_format;
  std::string config;
  CLI::App app{"The Banyan server: serves the app and keeps the bank's change log.",
               "banyan-server"};
  std::vector<Command> commands;

  Parser();

 private:
  CLI::App& command(const std::string& name, const std::string& about,
                    std::function<Settings()> settings);
  void add_serve();
  void add_loaders();
  void add_enrol();
  void add_carry();
  void add_care();
  void add_devices();
};

CLI::App& Parser::command(const std::string& name, const std::string& about,
                          std::function<Settings()> settings) {
  CLI::App& made = *app.add_subcommand(name, about);
  made.add_option("--config", config, "a JSON file with options")->type_name("FILE");
  made.footer(kFooter);
  commands.push_back({&made, std::move(settings)});
  return made;
}

void Parser::add_serve() {
  CLI::App& at = command("serve", "serve the app and the devices until SIGTERM",
                         [this] { return Settings(serve); });
  bank_options(at, serve.bank);
  option(at, "--address", serve.address, "listen here; \"localhost\" is 127.0.0.1 and ::1")
      ->type_name("IP");
  option(at, "--port", serve.port, "and on this port; 0 takes a free one")->type_name("N");
  option(at, "--web", serve.web, "folder of the built app")->type_name("DIR");
  CLI::Option* tls =
      flag(at, "--tls", serve.tls, "HTTPS with a development authority, so that a tablet can join");
  CLI::Option* certificate =
      option(at, "--certificate", serve.certificate, "HTTPS with this certificate chain (PEM)");
  CLI::Option* key = option(at, "--key", serve.key, "and its key (PEM)");
  certificate->type_name("FILE")->needs(key)->excludes(tls);
  key->type_name("FILE")->needs(certificate);
  option(at, "--public-url", serve.public_url, "how tablets reach this server")->type_name("URL");
  option(at, "--origins", serve.origins, "further origins that may open the news channel")
      ->type_name("URL");
  option(at, "--connections", serve.connections_max, "at most; further ones get 503")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  option(at, "--keep-days", serve.keep_days,
         "how long each field says who changed it, before its clock is folded")
      ->type_name("N")
      ->check(CLI::Range(1, 36'500));
  option(at, "--silent-days", serve.silent_days,
         "retire tablets that nobody has heard of for so long; 0: never")
      ->type_name("N")
      ->check(CLI::Range(0, 36'500));
  option(at, "--chunks", serve.chunks,
         "photos and scans: with several servers a folder that all of them share"
         " (default: in the data folder)")
      ->type_name("DIR");
  option(at, "--listen", serve.listen,
         "with --store behind a pooler: the database itself, for the news of other servers")
      ->type_name("URL");
  option(at, "--log", serve.log, "write events here (default: standard error)")->type_name("FILE");
}

void Parser::add_loaders() {
  CLI::App& make =
      command("demo", "make a demo bank that does not exist", [this] { return Settings(demo); });
  make.add_option("size", demo.size, "2,000, 50,000 or 500,000 customers")
      ->check(CLI::IsMember({"small", "county", "large"}))
      ->capture_default_str();
  bank_options(make, demo.bank);
  option(make, "--seed", demo.seed, "the same seed makes the same bank")->type_name("N");

  CLI::App& load = command("import", "load a core-banking delivery; may be repeated",
                           [this] { return Settings(import); });
  load.add_option("format", import_format, "berka: the Czech bank's files")
      ->required()
      ->check(CLI::IsMember({"berka"}));
  load.add_option("folder", import.folder, "where its files are")->required()->type_name("DIR");
  bank_options(load, import.bank);
  option(load, "--seed", import.seed, "gives customers to officers")->type_name("N");
  option(load, "--reject-file", import.reject_file, "write lines that were not loaded here")
      ->type_name("FILE");
  option(load, "--control-file", import.control_file, "control totals to agree with")
      ->type_name("FILE");
  flag(load, "--dry-run", import.dry_run, "read and check, write nothing");
}

void Parser::add_enrol() {
  CLI::App& at = command("enrol", "make a one-time code with which a device joins",
                         [this] { return Settings(enrol); });
  bank_options(at, enrol.bank);
  option(at, "--user", enrol.staff_no, "whose device: the staff number")
      ->required()
      ->type_name("STAFF_NO");
  option(at, "--minutes", enrol.minutes, "how long the code is good")
      ->type_name("N")
      ->check(CLI::Range(1, 24 * 60));
  option(at, "--public-url", enrol.public_url, "how the device reaches the server")
      ->type_name("URL");
}

void Parser::add_carry() {
  CLI::App& at = command("carry", "take work that came without a network, and write the answer",
                         [this] { return Settings(carry); });
  at.add_option("file", carry.file, "what the tablet saved")->required()->type_name("FILE");
  at.add_option("--answer", carry.answer, "write it here (default: FILE.answer.banyan)")
      ->type_name("FILE");
  bank_options(at, carry.bank);
}

void Parser::add_care() {
  CLI::App& save = command("backup", "copy the bank to FILE while it is in use, and verify it",
                           [this] { return Settings(backup); });
  save.add_option("file", backup.file, "must not exist")->required()->type_name("FILE");
  bank_options(save, backup.bank);

  CLI::App& back = command("restore", "put the bank back from FILE; devices push the rest again",
                           [this] { return Settings(restore); });
  back.add_option("file", restore.file, "made by backup")->required()->type_name("FILE");
  bank_options(back, restore.bank);

  CLI::App& walk = command("verify-log", "check every chain, signature and outcome of the log",
                           [this] { return Settings(verify); });
  bank_options(walk, verify.bank);

  CLI::App& again = command("restored",
                            "with --store: its database was put back from a backup; begins a new"
                            " epoch, and devices push the rest again. Stop all servers first",
                            [this] { return Settings(restored); });
  bank_options(again, restored.bank);

  CLI::App& move = command("migrate",
                           "copy the bank from the data folder's SQLite into the empty database of"
                           " --store, and compare both",
                           [this] { return Settings(migrate); });
  bank_options(move, migrate.bank);

  CLI::App& check = command("pack-check", "check a pack, or a folder of packs",
                            [this] { return Settings(pack_check); });
  check.add_option("folder", pack_check.folder, "the pack")->required()->type_name("DIR");
  flag(check, "--json", pack_check.json, "print the errors as JSON");
}

void Parser::add_devices() {
  CLI::App& list = command("devices", "list the tablets, and how far clocks are folded",
                           [this] { return Settings(devices); });
  bank_options(list, devices.bank);

  CLI::App& end = command("retire", "take tablets out of use; what they still send waits",
                          [this] { return Settings(retire); });
  bank_options(end, retire.bank);
  CLI::Option* numbers = option(end, "--device", retire.devices, "the number; may be repeated");
  numbers->type_name("N");
  CLI::Option* days =
      option(end, "--silent-days", retire.silent_days, "all that nobody has heard of for so long");
  days->type_name("N")->check(CLI::Range(1, 36'500));
  end.require_option(1, 0);

  CLI::App& waits = command("parked", "list the work that waits for a person, or let it in",
                            [this] { return Settings(parked); });
  bank_options(waits, parked.bank);
  option(waits, "--let-in", parked.let_in, "take this bundle as it stands; may be repeated")
      ->type_name("ID");
}

Parser::Parser() {
  app.require_subcommand(1);
  app.set_version_flag("--version", "banyan-server " BANYAN_VERSION);
  app.footer("\nbanyan-server COMMAND --help tells more about each.");
  add_serve();
  add_loaders();
  add_enrol();
  add_carry();
  add_care();
  add_devices();
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  Parser parser;
  try {
    parser.app.parse(argc, argv);
    for (const Command& command : parser.commands) {
      if (!command.app->parsed()) continue;
      if (!parser.config.empty()) {
        if (const Status applied = apply_config(*command.app, parser.config); !applied) {
          return {kMistake, applied.error().detail + "\n"};
        }
      }
      return {command.settings(), ""};
    }
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, mistakes;
    const bool asked = parser.app.exit(error, out, mistakes) == 0;
    return {asked ? 0 : kMistake, asked ? out.str() : "banyan-server: " + mistakes.str()};
  }
  return {kMistake, "banyan-server: no command; see --help\n"};
}

}  // namespace banyan::server
