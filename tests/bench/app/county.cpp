#include "tests/bench/app/county.h"

#include "shared/catalogue/packs.h"
#include "tests/support/shipped_packs.h"

namespace banyan::bench {

County::County(const std::filesystem::path& folder, std::uint32_t customers)
    : key_(SigningKey::generate(random_)), box_(BoxKey::generate(random_)) {
  const auto sources = test::shipped_pack_sources(BANYAN_SOURCE_DIR);
  packs_ = must(canonical_packs(sources));
  expressions_ = must(Expressions::create());
  catalogue_ = must(load_packs(sources, {1, expressions_.get()}));
  DatabaseOptions options;
  options.name = (folder / "bank.db").string();
  options.cache_bytes = 64 << 20;  // as banyan-server opens it
  db_ = must(Database::open(std::move(options)));
  store_ = must(ServerStore::open(*db_, catalogue_, kOrganisation, key_, clock_, random_));
  server_ =
      std::make_unique<sync::Server>(*store_, key_, MacKey::generate(random_), clock_, random_);
  DemoOptions demo;
  demo.now_ms = clock_.wall_ms();
  demo.lists = std::filesystem::path(BANYAN_SOURCE_DIR) / "assets/demo";
  demo.customers = customers;
  report_ = must(make_demo(*store_, catalogue_, DemoSize::County, demo));
}

const DemoLogin& County::somebody(std::string_view role) const {
  for (const DemoLogin& login : report_.logins) {
    if (login.role == role) return login;
  }
  give_up("the demo has nobody with the role " + std::string(role));
}

Vault County::enrol(const DemoLogin& login) {
  SigningKey key = SigningKey::generate(random_);
  const BoxKey box = BoxKey::generate(random_);
  Vault vault;
  sync::EnrolReply& e = vault.enrolment;
  e.device = must(store_->enrol({login.staff, key.verify_key(), box.public_key()}));
  e.organisation = kOrganisation;
  e.organisation_name = "Banyan";
  e.organisation_key = key_.verify_key();
  e.server_box = box_.public_key();
  e.user = login.staff;
  e.role = login.role;
  e.catalogue = vault.catalogue = catalogue_.number();
  e.epoch = store_->epoch();
  e.head = store_->head();
  vault.packs = packs_;
  vault.sign_seed = key.seed().duplicate();
  vault.box_secret = box.secret().duplicate();
  return vault;
}

Bytes County::serve(ByteView request) {
  must(store_->begin_group());
  auto handled = must(server_->handle(request));
  must(store_->commit_group());
  return std::move(handled.reply);
}

}  // namespace banyan::bench
