#include "tests/unit/shared/app/app_bank.h"

#include "shared/crypto/box.h"

namespace banyan::test {

namespace {

Factors factors() {
  return {[](const KdfSalt&, const KdfCost&) -> Result<PassphraseKey> { return PassphraseKey(); }};
}

}  // namespace

AppBank::AppBank(const std::string& source_dir)
    : catalogue(shipped_packs(source_dir)), organisation(SigningKey::generate(random)) {
  BANYAN_CHECK(crypto_init().ok());
  packs = canonical_packs(shipped_pack_sources(source_dir)).value();
  db = Database::open({}).value();
  store = ServerStore::open(*db, catalogue, kOrganisation, organisation, clock, random).value();
  server =
      std::make_unique<sync::Server>(*store, organisation, MacKey::generate(random), clock, random);
  branch = add("branch",
               {{"name", std::string("柳河支行")}, {"kind", choice("branch", "kind", "branch")}});
  const auto staff = [&](const char* name, const char* number, const char* role) {
    return add("staff", {{"name", std::string(name)},
                         {"staff_no", std::string(number)},
                         {"role", std::string(role)},
                         {"branch", branch},
                         {"active", std::int64_t{1}}});
  };
  officer = staff("林晓雯", "2101", "officer");
  colleague = staff("许文静", "2103", "officer");
  analyst = staff("沈明远", "1001", "hq");
  product = add("product", {{"name", std::string("惠农存款")},
                            {"code", std::string("D1")},
                            {"kind", choice("product", "kind", "current")},
                            {"on_sale", std::int64_t{1}}});
}

std::int64_t AppBank::choice(std::string_view entity, std::string_view field,
                             std::string_view name) const {
  for (const Choice& one : catalogue.entity(entity)->field(field)->choices) {
    if (one.name == name) return one.no;
  }
  BANYAN_CHECK(name.empty());  // no such choice
  return 0;
}

RowId AppBank::add(std::string_view entity, const Cells& cells, RowId aggregate) {
  const Entity& kind = *catalogue.entity(entity);
  const RowId row = store->mint(kImportDevice);
  RowWrite write{kind.no, kind.fact ? Op::Fact : Op::Insert, row, 1, {}};
  for (const auto& [field, value] : cells) {
    BANYAN_CHECK(kind.field(field) != nullptr);
    write.cells.push_back({kind.field(field)->no, value, {}});
  }
  const Draft draft{aggregate == kNoRow ? row : aggregate, 0, {write}};
  const auto done = store->author(kImportDevice, std::span(&draft, 1));
  BANYAN_CHECK(done.ok());
  return row;
}

void AppBank::decide(std::string_view entity, RowId row, RowId aggregate, const Cells& cells) {
  const Entity& kind = *catalogue.entity(entity);
  RowWrite write{kind.no, Op::Update, row, 1, {}};
  for (const auto& [field, value] : cells) {
    write.cells.push_back({kind.field(field)->no, value, {}});
  }
  const Draft draft{aggregate, 0, {write}};
  BANYAN_CHECK(store->author(kServerDevice, std::span(&draft, 1)).ok());
}

AppDevice::AppDevice(AppBank& bank, RowId user, std::uint64_t seed) : bank_(bank), random_(seed) {
  const SigningKey key = SigningKey::generate(random_);
  const BoxKey box = BoxKey::generate(random_);
  Vault vault;
  vault.enrolment.organisation = AppBank::kOrganisation;
  vault.enrolment.organisation_name = "青禾县农村商业银行";
  vault.enrolment.organisation_key = bank.organisation.verify_key();
  vault.enrolment.device = bank.store->enrol({user, key.verify_key(), box.public_key()}).value();
  vault.enrolment.user = user;
  vault.enrolment.server_box = bank.box.public_key();
  bank.add("device", {{"number", static_cast<std::int64_t>(number(vault.enrolment.device))},
                      {"name", std::string("平板")},
                      {"staff", user}});
  vault.enrolment.role = text_of(bank.store->load(*bank.catalogue.entity("staff"), user)
                                     ->cell(bank.catalogue.entity("staff")->field("role")->no));
  vault.enrolment.catalogue = bank.catalogue.number();
  vault.enrolment.lease.not_after_ms = bank.clock.wall_ms() + std::int64_t{90} * 86'400'000;
  vault.sign_seed = key.seed().duplicate();
  vault.box_secret = box.secret().duplicate();
  vault.catalogue = bank.catalogue.number();
  vault.packs = bank.packs;
  keyring_ = Keyring::create(slots_, random_, {}, kKdfFloor, factors()).value();
  session = Session::create(edges(), "p1", *keyring_, vault).value();
}

bool AppDevice::sync() {
  session->sync().sync_now();
  return settle();
}

bool AppDevice::settle() {
  for (int i = 0; i < 200; ++i) {
    bank_.clock.advance_ms(10);
    static_cast<void>(session->tick());
    if (sent_.empty()) {
      if (session->sync_status().state == SyncStatus::State::Running) continue;
      return session->sync_status().trouble == SyncStatus::Trouble::None;
    }
    auto [request, done] = std::move(sent_.front());
    sent_.pop_front();
    if (!online) {
      done(fail(ErrorCode::Unavailable, "no network"));
    } else {
      done(answer(request));
    }
  }
  return false;
}

// What is not here, photos and lists of headquarters, needs the real server.
Result<HttpReply> AppDevice::answer(const HttpRequest& request) {
  const std::string path = request.path.substr(0, request.path.find('?'));
  if (path == "/v0/challenge") return HttpReply{200, bank_.server->challenge(), 0};
  if (path == "/v0/sync") {
    auto handled = bank_.server->handle(request.body);
    BANYAN_CHECK(handled.ok());
    if (--answers == 0) online = false;
    return HttpReply{200, std::move(handled->reply), 0};
  }
  if (path == "/v0/parcel") {
    auto carried = bank_.server->handle_carried(request.body, bank_.box);
    BANYAN_CHECK(carried.ok());
    if (--answers == 0) online = false;
    return HttpReply{carried->refused ? 403 : 200, std::move(carried->answer), 0};
  }
  if (path == "/v0/rekey") {
    const auto wish = sync::decode_rekey_request(request.body);
    BANYAN_CHECK(wish.ok());
    sync::RekeyReply reply;
    reply.number = bank_.server->rekey(session->me().device, *wish).value();
    reply.enrolment = Vault::load(session->database()).value().enrolment;
    reply.enrolment.device = reply.number.device;
    reply.enrolment.lease.device = reply.number.device;
    reply.enrolment.lease.user = reply.enrolment.user;
    return HttpReply{200, sync::encode_rekey_reply(reply, bank_.organisation), 0};
  }
  if (path == "/v0/history") {
    const auto number_of = [&](const std::string& name) {
      return std::stoull("0" +
                         request.path.substr(request.path.find(name + "=") + name.size() + 1));
    };
    const RowId aggregate{static_cast<std::int64_t>(number_of("aggregate"))};
    const auto history =
        bank_.store->history(session->me().staff, aggregate, number_of("before"),
                             std::min(static_cast<std::size_t>(number_of("count")), page_max));
    if (!history.ok()) return HttpReply{404, {}, 0};
    return HttpReply{200, sync::encode_history(*history, bank_.organisation), 0};
  }
  return HttpReply{404, {}, 0};
}

void AppDevice::receive(const Bytes& file) {
  BANYAN_CHECK(session->carrying().receive(file).ok());
  bool more = true;
  while (more) {  // and once more: then the rounds go on
    more = session->carrying().receiving();
    bank_.clock.advance_ms(10);
    static_cast<void>(session->tick());
  }
}

AppDevice::AppDevice(AppDevice& from, std::uint64_t seed)
    : bank_(from.bank_), random_(seed), slots_(from.slots_) {
  from.session.reset();
  const std::vector<std::string> names = from.pages.list().value();
  for (const std::string& name : names) {
    const Bytes content = read_file(from.pages, name, ~std::size_t{0}).value();
    BANYAN_CHECK(write_file(pages, name, content).ok());
  }
  keyring_ = Keyring::unlock(slots_, random_, factors()).value();
  restart();
  from.restart();
}

void AppDevice::restart() {
  sent_.clear();
  session.reset();
  session = Session::open(edges(), "p1", *keyring_).value();
}

void AppDevice::send(HttpRequest request, std::function<void(Result<HttpReply>)> done) {
  sent_.emplace_back(std::move(request), std::move(done));
}

}  // namespace banyan::test
