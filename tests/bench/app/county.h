// The demo's county bank behind the real sync server, in this process and in a file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "shared/app/vault.h"
#include "shared/storage/expressions.h"
#include "shared/storage/server_store.h"
#include "shared/sync/server.h"
#include "sync-server/demo/demo.h"
#include "tests/bench/report.h"

namespace banyan::bench {

class County {
 public:
  County(const std::filesystem::path& folder, std::uint32_t customers);

  const DemoReport& report() const { return report_; }
  // Somebody with that role: the first whom the demo names.
  const DemoLogin& somebody(std::string_view role) const;

  // A new device for this person, with what enrolment would have given it.
  Vault enrol(const DemoLogin& login);
  // As the server's worker does: one group, durable before the answer goes out.
  Bytes serve(ByteView request);

  ServerStore& store() { return *store_; }
  const Catalogue& catalogue() const { return catalogue_; }

 private:
  static constexpr std::uint32_t kOrganisation = 9;

  SystemClock clock_;
  SystemRandom random_;
  SigningKey key_;
  BoxKey box_;
  std::string packs_;
  std::unique_ptr<Expressions> expressions_;
  Catalogue catalogue_;
  std::unique_ptr<Database> db_;
  std::unique_ptr<ServerStore> store_;
  std::unique_ptr<sync::Server> server_;
  DemoReport report_;
};

}  // namespace banyan::bench
