#include "shared/app/session.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "shared/app/carrying.h"
#include "shared/app/index.h"
#include "shared/app/mass.h"
#include "shared/app/person_files.h"
#include "shared/app/photo_lane.h"
#include "shared/app/rekeying.h"
#include "shared/base/date.h"
#include "shared/catalogue/packs.h"
#include "shared/storage/expressions.h"
#include "shared/storage/transaction.h"

namespace banyan {

namespace {

constexpr std::size_t kTicketBytesMax = 256;

std::int64_t day_of(std::int64_t ms) { return ms >= 0 ? ms / kDayMs : (ms - kDayMs + 1) / kDayMs; }

}  // namespace

// Declared in the order of construction; destroyed the other way round.
struct Session::State {
  State(const Edges& from, std::string name) : edges(from), file(std::move(name)) {}

  Edges edges;
  std::string file;
  mutable std::optional<Error> stopped;
  std::uint64_t version = 1;
  std::unique_ptr<Database> db;
  std::unique_ptr<Expressions> expressions;
  std::optional<SigningKey> key;
  VerifyKey organisation_key;
  std::uint32_t catalogue_number = 0;
  Catalogue catalogue;
  Names names{};
  Me me;
  std::unique_ptr<Replica> replica;
  std::unique_ptr<Index> index;
  std::unique_ptr<sync::Client> client;
  std::unique_ptr<Remote> remote;
  std::unique_ptr<PhotoLane> photos;
  std::unique_ptr<Rekeying> rekeying;
  std::unique_ptr<Carrying> carrying;
  std::unique_ptr<SyncAgent> agent;
  Undo undo;
  bool reopen = false;
  bool receiving = false;  // no round meanwhile: both would move the cursor
  bool fetching_catalogue = false;
  bool listening = false;
  std::int64_t day = 0;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);  // answers may come late
};

bool Me::may(const Entity& entity, Right right) const {
  return role != nullptr && (role->may(entity.name) & right) != 0;
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() { *state_->alive = false; }

namespace {

Result<std::unique_ptr<Database>> open_database(const Edges& edges, const std::string& file,
                                                const Keyring& keyring, bool create,
                                                std::optional<Error>& stopped) {
  const PageKey key = keyring.page_key();
  DatabaseOptions options;
  options.store = &edges.pages;
  options.name = file + ".db";
  options.create = create;
  options.key = &key;
  options.random = &edges.random;
  options.clock = &edges.clock;
  options.on_stop = [&stopped](const Error& error) { stopped = error; };
  return Database::open(std::move(options));
}

}  // namespace

Result<std::unique_ptr<Session>> Session::create(const Edges& edges, const std::string& file,
                                                 const Keyring& keyring, const Vault& vault) {
  auto state = std::make_unique<State>(edges, file);
  TRY_ASSIGN(state->db, open_database(edges, file, keyring, true, state->stopped));
  TRY_ASSIGN(Transaction change, Transaction::begin(*state->db));
  TRY(Vault::create_tables(*state->db));
  TRY(vault.store(*state->db));
  TRY(change.commit());
  TRY_ASSIGN(Vault own, Vault::load(*state->db));
  return assemble(std::move(state), std::move(own));
}

Result<std::unique_ptr<Session>> Session::open(const Edges& edges, const std::string& file,
                                               const Keyring& keyring) {
  auto state = std::make_unique<State>(edges, file);
  TRY_ASSIGN(state->db, open_database(edges, file, keyring, false, state->stopped));
  TRY_ASSIGN(Vault vault, Vault::load(*state->db));
  return assemble(std::move(state), std::move(vault));
}

Result<std::unique_ptr<Session>> Session::assemble(std::unique_ptr<State> state, Vault vault) {
  State& s = *state;
  TRY_ASSIGN(s.expressions, Expressions::create());
  TRY_ASSIGN(const std::vector<PackSource> packs, split_packs(vault.packs));
  TRY_ASSIGN(s.catalogue, load_packs(packs, {vault.catalogue, s.expressions.get()}));
  s.catalogue_number = vault.catalogue;
  TRY_ASSIGN(s.names, Names::look_up(s.catalogue));
  s.key.emplace(std::move(vault.sign_seed));
  s.organisation_key = vault.enrolment.organisation_key;
  s.me.staff = vault.enrolment.user;
  s.me.device = vault.enrolment.device;
  s.me.organisation = vault.enrolment.organisation_name;
  s.me.role = s.catalogue.role(vault.enrolment.role);
  s.me.lease_until_ms = vault.enrolment.lease.not_after_ms;
  const Replica::Identity identity{s.me.device,
                                   s.me.staff,
                                   vault.enrolment.organisation,
                                   {vault.enrolment.epoch, vault.enrolment.head}};
  TRY_ASSIGN(s.replica, Replica::open(*s.db, s.catalogue, identity, s.edges.clock, s.edges.random));
  auto session = std::unique_ptr<Session>(new Session(std::move(state)));
  s.day = session->today();
  TRY_ASSIGN(s.index, Index::open(*s.replica, s.names, s.day));
  s.replica->set_listener(s.index.get());
  s.client = std::make_unique<sync::Client>(*s.replica, *s.key, s.organisation_key, s.edges.clock,
                                            s.edges.random);
  s.remote = std::make_unique<Remote>(s.edges.transport, s.edges.clock, s.me.device, *s.key);
  TRY(create_mass_tables(*s.db));
  TRY_ASSIGN(s.photos, PhotoLane::open(*s.db, *s.remote));
  s.rekeying =
      std::make_unique<Rekeying>(*s.replica, *s.remote, s.organisation_key, s.edges.random);
  TRY(session->open_carrying(vault));
  Session* self = session.get();
  s.agent = std::make_unique<SyncAgent>(
      s.edges, *s.client,
      [self] {
        ++self->state_->version;
        self->read_me();
      },
      [self](const SyncStatus& status) {
        ++self->state_->version;
        if (status.trouble == SyncStatus::Trouble::NewerCatalogue) self->fetch_catalogue();
        if (status.trouble == SyncStatus::Trouble::Forked) self->take_new_number();
        if (status.trouble != SyncStatus::Trouble::None) return;
        const Status kept = Vault::store_last_sync(*self->state_->db, status.last_success_ms);
        if (!kept.ok()) self->note(kept.error());
        self->state_->photos->start();
        self->state_->carrying->bring();
        self->open_channel();
      });
  TRY_ASSIGN(const std::int64_t last_sync, Vault::last_sync(*session->state_->db));
  session->state_->agent->synced_before(last_sync);
  session->read_me();
  return session;
}

void Session::read_me() {
  Me& me = state_->me;
  const Result<Row> staff = state_->replica->load(*state_->names.staff, me.staff);
  if (!staff.ok()) return note(staff.error());
  if (!staff->exists) return;  // the first sync will bring it
  const auto cell = [&](const Entity& entity, const Row& row, std::string_view field) -> Value {
    const Field* found = entity.field(field);
    return found == nullptr ? Value{} : row.cell(found->no);
  };
  me.name = text_of(cell(*state_->names.staff, *staff, "name"));
  me.branch = row_of(cell(*state_->names.staff, *staff, "branch"));
  const Role* role = state_->catalogue.role(text_of(cell(*state_->names.staff, *staff, "role")));
  if (role != nullptr) me.role = role;
  const Result<Row> branch = state_->replica->load(*state_->names.branch, me.branch);
  if (branch.ok() && branch->exists) {
    me.branch_name = text_of(cell(*state_->names.branch, *branch, "name"));
  }
}

void Session::fetch_catalogue() {
  if (state_->fetching_catalogue) return;
  state_->fetching_catalogue = true;
  state_->edges.transport.send(
      {"GET", "/v0/catalogue", {}}, [this, alive = state_->alive](Result<HttpReply> reply) {
        if (!*alive) return;
        state_->fetching_catalogue = false;
        if (!reply.ok() || reply->status != 200) return;  // the next sync asks again
        const auto catalogue = sync::decode_catalogue(reply->body, state_->organisation_key);
        if (!catalogue.ok()) return note(catalogue.error());
        // A bad pack never replaces a good one: load it whole before it is kept.
        const auto packs = split_packs(catalogue->packs);
        if (!packs.ok()) return note(packs.error());
        const auto loaded = load_packs(*packs, {catalogue->number, state_->expressions.get()});
        if (!loaded.ok()) return note(loaded.error());
        Result<Transaction> change = Transaction::begin(*state_->db);
        if (!change.ok()) return note(change.error());
        if (const Status kept = Vault::store_catalogue(*state_->db, *catalogue); !kept.ok()) {
          return note(kept.error());
        }
        if (const Status done = change->commit(); !done.ok()) return note(done.error());
        state_->reopen = true;
        ++state_->version;
      });
}

void Session::take_new_number() {
  state_->rekeying->start([this](Result<Rekeying::End> end) {
    if (!end.ok()) return note(end.error());
    if (*end == Rekeying::End::NewNumber) state_->reopen = true;
    if (*end == Rekeying::End::NotParted) state_->agent->sync_now();
    ++state_->version;
  });
}

void Session::open_channel() {
  if (state_->listening) return;
  state_->listening = true;
  state_->remote->call("POST", "/v0/ticket", {}, [this](Result<HttpReply> reply) {
    if (!reply.ok() || reply->body.size() > kTicketBytesMax) {
      state_->listening = false;  // without the channel the routine sync does
      return;
    }
    const std::string ticket(as_text(reply->body));
    state_->edges.transport.listen(
        "/v0/news?ticket=" + ticket,
        [this, alive = state_->alive] {
          if (*alive) state_->agent->sync_now();
        },
        [this, alive = state_->alive] {
          if (*alive) state_->listening = false;
        });
  });
}

std::optional<std::int64_t> Session::tick() {
  if (const std::int64_t day = today(); day != state_->day) {
    state_->day = day;
    state_->index->set_today(day);
    ++state_->version;
  }
  if (receive_next()) return 0;
  return state_->agent->tick();
}

Status Session::open_carrying(const Vault& vault) {
  State& s = *state_;
  TRY_ASSIGN(s.carrying,
             Carrying::open({*s.db, *s.replica, *s.client, *s.remote, s.edges.clock, s.edges.random,
                             [this] {
                               ++state_->version;
                               read_me();
                             },
                             [this] { ++state_->version; }},
                            {vault.enrolment.organisation, s.me.device, vault.enrolment.server_box,
                             BoxKey(vault.box_secret.duplicate())}));
  return {};
}

// One parcel of a file that is being read. True while there are more.
bool Session::receive_next() {
  State& s = *state_;
  if (!s.carrying->receiving()) {
    if (std::exchange(s.receiving, false)) s.agent->resume();
    return false;
  }
  if (!std::exchange(s.receiving, true)) s.agent->pause();
  if (s.agent->status().state == SyncStatus::State::Running) return false;
  s.carrying->step();
  return true;
}

std::uint64_t Session::version() const { return state_->version; }
const Me& Session::me() const { return state_->me; }
const Catalogue& Session::catalogue() const { return state_->catalogue; }
const Names& Session::names() const { return state_->names; }
const VerifyKey& Session::organisation_key() const { return state_->organisation_key; }
const SyncStatus& Session::sync_status() const { return state_->agent->status(); }
SyncAgent& Session::sync() { return *state_->agent; }
Remote& Session::remote() { return *state_->remote; }
PhotoLane& Session::photos() const { return *state_->photos; }
Carrying& Session::carrying() const { return *state_->carrying; }
bool Session::first_sync() const { return state_->replica->standing().last_complete_ms == 0; }
const std::optional<Error>& Session::stopped() const { return state_->stopped; }
bool Session::reopen() const { return state_->reopen; }
Replica& Session::replica() const { return *state_->replica; }
Database& Session::database() const { return *state_->db; }
Index& Session::index() const { return *state_->index; }
Expressions& Session::expressions() const { return *state_->expressions; }
const Clock& Session::clock() const { return state_->edges.clock; }
std::int64_t Session::now_ms() const { return state_->replica->server_time_ms(); }
Session::Undo& Session::undo() { return state_->undo; }

std::int64_t Session::local_ms(std::int64_t utc_ms) const {
  return utc_ms + state_->edges.local_offset_ms(utc_ms);
}

std::int64_t Session::today() const { return day_of(local_ms(now_ms())); }

void Session::note(const Error& error) const {
  std::fprintf(stderr, "%s: %s\n", std::string(name_of(error.code)).c_str(), error.detail.c_str());
  const bool serious = error.code == ErrorCode::Io || error.code == ErrorCode::Corrupt;
  if (serious && !state_->stopped) state_->stopped = error;
}

void Session::changed() {
  ++state_->version;
  state_->agent->saved();
}

}  // namespace banyan
