// One function for each command of the program. The result is the exit code; what
// a person should read is printed.
#pragma once

#include "shared/base/error.h"
#include "sync-server/host/settings.h"

namespace banyan::server {

int serve(const ServeSettings& settings);
int make_demo_bank(const DemoSettings& settings);
int import_delivery(const ImportSettings& settings);
int enrol(const EnrolSettings& settings);
int carry(const CarrySettings& settings);
int backup(const BackupSettings& settings);
int restore(const RestoreSettings& settings);
int verify_log(const VerifySettings& settings);
int devices(const DevicesSettings& settings);
int retire(const RetireSettings& settings);
int parked(const ParkedSettings& settings);
int restored(const RestoredSettings& settings);
int migrate(const MigrateSettings& settings);
int pack_check(const PackCheckSettings& settings);

// Prints "banyan-server: ..." to standard error; the exit code for "it did not work".
int complain(const Error& error);

}  // namespace banyan::server
