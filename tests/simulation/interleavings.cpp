// Every interleaving over the whole stack. What an interleaving comes to depends only on who wrote
// what having seen what, in which order the log has it, and what each has of the log: that is a
// state. Each step out of each state is taken once, in a process of its own (fork() copies server
// and devices), and wherever two paths meet, the rows must be the same to the byte.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "shared/changelog/codec.h"
#include "shared/changelog/page_row.h"
#include "shared/crypto/hash.h"
#include "shared/storage/server_store.h"
#include "shared/sync/client.h"
#include "shared/sync/server.h"
#include "tests/simulation/founding.h"
#include "tests/simulation/small_scope.h"
#include "tests/simulation/world.h"

namespace banyan::sim::small {
namespace {

struct Event {
  enum class What : std::uint8_t { Write, Push, Pull } what{};
  std::uint8_t device = 0, op = 0;
};

// What all processes of one exploration know.
struct Shared {
  struct Met {
    std::uint64_t state = 0, rows = 0;  // hashes; 0: free
  };
  static constexpr std::size_t kSlots = std::size_t{1} << 20;

  Met met[kSlots];
  std::uint64_t states = 0, steps = 0;
  char failure[1024];

  // The rows that the state had when it was met first; null: it is met now.
  const std::uint64_t* meet(std::uint64_t state, std::uint64_t rows) {
    std::size_t at = state % kSlots;
    while (met[at].state != 0 && met[at].state != state) at = (at + 1) % kSlots;
    if (met[at].state == state) return &met[at].rows;
    met[at] = {state, rows};
    BANYAN_CHECK(++states < kSlots / 2);
    return nullptr;
  }
};

std::uint64_t short_hash(ByteView bytes) { return ByteReader(hash256(bytes).view()).u64() | 1; }

template <class T>
T must(Result<T> result) {
  if (!result.ok()) std::fputs((result.error().detail + "\n").c_str(), stderr);
  BANYAN_CHECK(result.ok());
  return std::move(result).value();
}

std::unique_ptr<Database> copy_of(Database& from) {
  auto copy = must(Database::open({}));
  BANYAN_CHECK(from.backup_to(*copy, 1000, [] { return true; }).ok());
  return copy;
}

class Stack {
 public:
  Stack();
  const Ground& ground() const { return ground_; }

  void set_time(std::size_t writes) {
    now_ = kFirstDay + 3'600'000 + static_cast<std::int64_t>(writes) * 1000;
  }
  bool write(std::uint8_t device, const RowWrite& write);
  bool push(std::uint8_t device);
  bool pull(std::uint8_t device);

  Row at_server(std::uint32_t entity, RowId row) { return must(store_->load(of(entity), row)); }
  Row at_device(std::uint8_t device, std::uint32_t entity, RowId row) {
    return must(tablets_[device].replica->load(of(entity), row));
  }
  std::uint64_t pending(std::uint8_t device) const {
    return tablets_[device].replica->pending_count();
  }

 private:
  struct Tablet {
    const Seat* seat = nullptr;
    std::unique_ptr<Database> db;
    std::unique_ptr<Replica> replica;
    std::unique_ptr<sync::Client> client;
  };
  static const Entity& of(std::uint32_t entity) { return *bank_of(kOldestBank).entity(entity); }
  sync::Request request(Tablet& tablet) {
    return must(sync::decode_request(must(tablet.client->make_request())));
  }
  void sync_all(Tablet& tablet);

  std::int64_t now_ = kFirstDay;
  SimClock clock_{now_};
  SeededRandom random_{1};
  std::unique_ptr<Database> db_;
  std::unique_ptr<ServerStore> store_;
  std::unique_ptr<sync::Server> server_;
  std::array<Tablet, kDevices> tablets_;
  Ground ground_;
};

Stack::Stack() {
  const Founding& bank = founding(1);
  db_ = copy_of(*bank.server);
  store_ = must(ServerStore::open(*db_, bank_of(kOldestBank), kOrganisation, organisation_key(),
                                  clock_, random_));
  server_ = std::make_unique<sync::Server>(*store_, organisation_key(), MacKey::generate(random_),
                                           clock_, random_);
  set_time(0);
  ground_.customer = RowId{must(db_->query_int("SELECT min(id) FROM customer"))};
  ground_.contact = store_->mint(kServerDevice);
  const Draft draft{ground_.customer,
                    0,
                    {write_of(kCustomer, Op::Update, ground_.customer,
                              {cell(kCoOwner, bank.staff[static_cast<std::size_t>(Person::Ben)])}),
                     write_of(kContact, Op::Insert, ground_.contact,
                              {cell(kName, std::string("k")), cell(kPhone, std::string("1"))})}};
  must(store_->author(kServerDevice, std::span(&draft, 1)));
  for (std::size_t i = 0; i < kDevices; ++i) {
    Tablet& t = tablets_[i];
    t.seat = &bank.seats[i];
    t.db = copy_of(*t.seat->database);
    t.replica = must(Replica::open(*t.db, bank_of(kOldestBank),
                                   {t.seat->id, t.seat->user, kOrganisation, t.seat->joined},
                                   clock_, random_));
    sync::Client::Limits limits;
    limits.adapt = false;
    t.client = std::make_unique<sync::Client>(
        *t.replica, *t.seat->key, organisation_key().verify_key(), clock_, random_, limits);
    sync_all(t);
  }
}

void Stack::sync_all(Tablet& tablet) {
  for (bool more = true; more;) {
    auto handled = must(server_->handle(must(tablet.client->make_request())));
    more = must(tablet.client->handle_reply(handled.reply)).more;
  }
}

bool Stack::write(std::uint8_t device, const RowWrite& write) {
  return tablets_[device].replica->write({ground_.customer, 0, {write}}).ok();
}

// The request arrives, and what is answered is lost.
bool Stack::push(std::uint8_t device) {
  sync::Server::Handled handled;
  for (const Bytes& bundle : request(tablets_[device]).bundles) {
    if (must(server_->push(bundle, handled)).status != sync::PushStatus::Ok) return false;
  }
  return true;
}

// A whole round; what the device has written meanwhile stays where it is.
bool Stack::pull(std::uint8_t device) {
  Tablet& tablet = tablets_[device];
  sync::Request asked = request(tablet);
  asked.bundles.clear();
  const auto handled = must(server_->handle(sync::encode_request(asked, *tablet.seat->key)));
  const auto progress = tablet.client->handle_reply(handled.reply);
  return progress.ok() && progress->complete;
}

class Explorer {
 public:
  Explorer(Kind kind, int ops, std::size_t commits, Shared& shared)
      : kind_(kind), ops_(ops), commits_(commits), shared_(shared) {
    for (std::size_t holder = 0; holder <= kServer; ++holder) look(holder);
  }
  bool visit();

 private:
  std::vector<Event> possible() const;
  bool in_another_process(const Event& event);
  bool take(const Event& event);
  bool act(const Event& event);
  // The rows of a device, or of the server (the last one).
  struct Held {
    Row customer, contact;
    std::vector<Row> facts;
    std::uint64_t pending = 0;
  };
  static constexpr std::size_t kServer = kDevices;
  void look(std::size_t holder);
  Row load(std::size_t holder, std::uint32_t entity, RowId row);
  bool check(std::size_t holder);
  bool check_equal(std::uint8_t device);
  std::uint64_t state() const;
  std::uint64_t rows() const;
  bool fail(const std::string& why);
  std::size_t written_by(std::uint8_t device) const {
    return static_cast<std::size_t>(
        std::count_if(writes_.begin(), writes_.end(), [&](auto& w) { return w.device == device; }));
  }
  Oracle oracle() const { return {kind_, writes_, log_}; }

  Kind kind_;
  int ops_;
  std::size_t commits_;
  Shared& shared_;
  Stack stack_;
  std::string path_;
  std::vector<Wrote> writes_;
  std::vector<std::uint8_t> log_;
  std::array<std::uint8_t, kDevices> pushed_{}, base_{};
  std::array<Held, kDevices + 1> held_;
};

// A device that has done nothing yet is like the next one that has not.
std::vector<Event> Explorer::possible() const {
  std::vector<Event> events;
  bool fresh = false;
  for (std::uint8_t d = 0; d < kDevices; ++d) {
    const bool idle = written_by(d) == 0 && base_[d] == 0;
    if (idle && fresh) continue;
    fresh = fresh || idle;
    for (std::uint8_t op = 0; op < ops_ && writes_.size() < commits_; ++op) {
      // The first of all is on the first cell, where the two are alike.
      const bool lives = kind_ == Kind::Life || kind_ == Kind::GuardedLife;
      if (op == 1 && writes_.empty() && !lives) continue;
      if (op == 1 && lives && oracle().life(d, base_[d]) % 2 == 0) continue;
      events.push_back({Event::What::Write, d, op});
    }
    if (written_by(d) > pushed_[d]) events.push_back({Event::What::Push, d, 0});
    if (base_[d] < log_.size()) events.push_back({Event::What::Pull, d, 0});
  }
  return events;
}

// The last step goes on in this process: nobody needs it as it was any more.
bool Explorer::visit() {
  const std::vector<Event> events = possible();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool last = i + 1 == events.size();
    if (last ? !take(events[i]) : !in_another_process(events[i])) return false;
  }
  return true;
}

bool Explorer::in_another_process(const Event& event) {
  const pid_t child = fork();
  if (child == 0) std::_Exit(take(event) ? 0 : 1);
  int status = 1;
  if (child < 0 || waitpid(child, &status, 0) != child) return fail("no process");
  return status == 0 || fail("a process died");
}

bool Explorer::take(const Event& event) {
  ++shared_.steps;
  const char* names = "WCL";
  path_ += ' ';
  path_ += names[static_cast<int>(event.what)];
  path_ += std::to_string(event.device);
  if (event.what == Event::What::Write) path_ += "." + std::to_string(event.op);
  if (!act(event)) return fail("the step fails");
  const std::size_t holder = event.what == Event::What::Push ? kServer : event.device;
  look(holder);
  if (!check(holder)) return false;
  const std::uint64_t now = rows();
  const std::uint64_t* before = shared_.meet(state(), now);
  if (before == nullptr) return visit();
  return *before == now || fail("other rows than on another path to the same state");
}

bool Explorer::act(const Event& event) {
  const std::uint8_t d = event.device;
  if (event.what == Event::What::Write) {
    std::uint8_t life = oracle().life(d, base_[d]);
    const bool toggles = event.op == 0 && (kind_ == Kind::Life || kind_ == Kind::GuardedLife);
    if (toggles) ++life;
    const auto index = writes_.size();
    writes_.push_back({d, event.op, base_[d], life, static_cast<std::uint8_t>(index)});
    stack_.set_time(index + 1);
    return stack_.write(d, row_write_of(kind_, writes_.back(), index, stack_.ground()));
  }
  if (event.what == Event::What::Pull) {
    base_[d] = static_cast<std::uint8_t>(log_.size());
    return stack_.pull(d);
  }
  std::size_t skip = pushed_[d];
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    if (writes_[i].device != d) continue;
    if (skip > 0) {
      --skip;
    } else {
      log_.push_back(static_cast<std::uint8_t>(i));
    }
  }
  pushed_[d] = static_cast<std::uint8_t>(written_by(d));
  return stack_.push(d);
}

Row Explorer::load(std::size_t holder, std::uint32_t entity, RowId row) {
  return holder == kServer ? stack_.at_server(entity, row)
                           : stack_.at_device(static_cast<std::uint8_t>(holder), entity, row);
}

// Nobody else's rows have changed.
void Explorer::look(std::size_t holder) {
  Held& held = held_[holder];
  held.facts.clear();
  for (std::size_t i = 0; i < writes_.size() && kind_ == Kind::Fact; ++i) {
    held.facts.push_back(load(holder, writes_[i].op == 0 ? kVisit : kContact, fact_id(i)));
  }
  if (kind_ == Kind::Fact) {
    held.pending = holder == kServer ? 0 : stack_.pending(static_cast<std::uint8_t>(holder));
    return;
  }
  held.customer = load(holder, kCustomer, stack_.ground().customer);
  held.contact = load(holder, kContact, stack_.ground().contact);
  held.pending = holder == kServer ? 0 : stack_.pending(static_cast<std::uint8_t>(holder));
}

bool Explorer::check(std::size_t holder) {
  const Oracle now = oracle();
  const bool server = holder == kServer;
  const auto device = static_cast<std::uint8_t>(holder);
  std::vector<bool> known(writes_.size()), facts;
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    known[i] =
        server ? std::count(log_.begin(), log_.end(), i) != 0 : now.has(device, base_[device], i);
  }
  const Held& held = held_[holder];
  for (const Row& row : held.facts) facts.push_back(row.exists);
  const std::string wrong = now.check(known, held.customer, held.contact, facts, true);
  if (!wrong.empty()) return fail(wrong + (server ? " at the server" : " on the device"));
  const bool all = !server && base_[device] == log_.size() && pushed_[device] == written_by(device);
  return !all || check_equal(device);
}

// I1: who has all has what the server has, to the byte, but for what is hidden from him.
bool Explorer::check_equal(std::uint8_t device) {
  const Held& held = held_[device];
  if (held.pending != 0) return fail("a commit in the log is not acknowledged");
  const std::uint32_t mask = device == 0 ? 3 : 1;
  const auto same = [&](const Row& have, Row want) {
    hide_fields(want, *bank_of(kOldestBank).entity(want.entity), mask);
    return have == want;
  };
  const Held& server = held_[kServer];
  bool equal = kind_ == Kind::Fact ||
               (same(held.customer, server.customer) && same(held.contact, server.contact));
  for (std::size_t i = 0; i < held.facts.size(); ++i) {
    // The server's were looked at before the last of them were written.
    const bool there = i < server.facts.size() && server.facts[i].exists;
    equal = equal && (there ? same(held.facts[i], server.facts[i]) : !held.facts[i].exists);
  }
  return equal || fail("a device differs");
}

std::uint64_t Explorer::state() const {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(writes_.size()));
  for (const Wrote& w : writes_) {
    for (const std::uint8_t part : {w.device, w.op, w.seen, w.life}) out.u8(part);
  }
  for (std::size_t d = 0; d < kDevices; ++d) {
    out.u8(pushed_[d]);
    out.u8(base_[d]);
  }
  for (const std::uint8_t write : log_) out.u8(write);
  return short_hash(out.view());
}

std::uint64_t Explorer::rows() const {
  ByteWriter out;
  for (const Held& held : held_) {
    encode_row(held.customer, out);
    encode_row(held.contact, out);
    for (const Row& row : held.facts) {
      if (row.exists) encode_row(row, out);
    }
    out.varint(held.pending);
  }
  return short_hash(out.view());
}

bool Explorer::fail(const std::string& why) {
  if (shared_.failure[0] != 0) return false;
  const std::string text = why + " after" + path_;
  std::strncpy(shared_.failure, text.c_str(), sizeof shared_.failure - 1);
  return false;
}

}  // namespace

Explored explore(Kind kind, int ops, std::size_t commits) {
  void* memory =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  BANYAN_CHECK(memory != MAP_FAILED);
  auto* shared = static_cast<Shared*>(memory);  // all zero, as it begins
  if (!Explorer(kind, ops, commits, *shared).visit() && shared->failure[0] == 0) {
    std::strcpy(shared->failure, "it ended early");
  }
  Explored explored{shared->states, shared->steps, shared->failure};
  munmap(memory, sizeof(Shared));
  return explored;
}

}  // namespace banyan::sim::small
