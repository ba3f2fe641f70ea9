// banyan-server: see `banyan-server --help`.
#include <sys/stat.h>

#include <cstdio>
#include <variant>

#include "shared/crypto/init.h"
#include "sync-server/host/commands.h"

namespace banyan::server {
namespace {

int run(const ServeSettings& settings) { return serve(settings); }
int run(const DemoSettings& settings) { return make_demo_bank(settings); }
int run(const ImportSettings& settings) { return import_delivery(settings); }
int run(const EnrolSettings& settings) { return enrol(settings); }
int run(const CarrySettings& settings) { return carry(settings); }
int run(const BackupSettings& settings) { return backup(settings); }
int run(const RestoreSettings& settings) { return restore(settings); }
int run(const VerifySettings& settings) { return verify_log(settings); }
int run(const DevicesSettings& settings) { return devices(settings); }
int run(const RetireSettings& settings) { return retire(settings); }
int run(const ParkedSettings& settings) { return parked(settings); }
int run(const RestoredSettings& settings) { return restored(settings); }
int run(const MigrateSettings& settings) { return migrate(settings); }
int run(const PackCheckSettings& settings) { return pack_check(settings); }

}  // namespace
}  // namespace banyan::server

int main(int argc, char** argv) {
  using namespace banyan::server;
  const CommandLine line = parse_command_line(argc, argv);
  if (const int* code = std::get_if<int>(&line.what)) {
    std::fputs(line.text.c_str(), *code == 0 ? stdout : stderr);
    return *code;
  }
  ::umask(077);  // what it writes is the bank's
  if (const banyan::Status ready = banyan::crypto_init(); !ready) return complain(ready.error());
  return std::visit([](const auto& settings) { return run(settings); },
                    std::get<Settings>(line.what));
}
