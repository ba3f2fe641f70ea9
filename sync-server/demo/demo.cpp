#include "sync-server/demo/demo.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "sync-server/demo/calendar.h"
#include "sync-server/demo/cast.h"
#include "sync-server/demo/organisation.h"
#include "sync-server/demo/work.h"
#include "sync-server/import/store_target.h"

namespace banyan {
namespace {

using namespace demo;

constexpr std::string_view kSource = "demo";
constexpr std::size_t kGroupMin = 3, kGroupMax = 5;

// How rich each size is: the larger the bank, the thinner each customer.
struct Shares {
  int routine, active;  // percent of everyday movements; of customers with movements
  int contact, detail;  // percent
  int households;       // percent that become rows
  int groups;           // percent of farming heads who join a guarantee group
  std::uint32_t customers_per_officer;
};
constexpr Shares shares_of(DemoSize size) {
  switch (size) {
    case DemoSize::Small: return {45, 94, 70, 60, 100, 50, 400};
    case DemoSize::County: return {10, 60, 25, 25, 40, 20, 800};
    case DemoSize::Large: break;
  }
  return {2, 35, 8, 12, 10, 4, 800};
}

class Builder {
 public:
  Builder(ImportTarget& target, const Catalogue& catalogue, const Lists& lists, Shares shares,
          const DemoOptions& options, std::uint32_t wanted, DemoReport& report)
      : target_(target),
        catalogue_(catalogue),
        lists_(lists),
        shares_(shares),
        options_(options),
        wanted_(wanted),
        report_(report),
        pack_(catalogue),
        batch_([this](std::span<const Draft> drafts) { return hand_on(drafts); }) {}

  Status run() {
    TRY(pack_.status());
    bank_.now_ms = options_.now_ms;
    bank_.today = today_of(options_.now_ms);
    const std::int64_t night_run = time_at(bank_.today, 92);  // 01:32
    bank_.figures_at_ms = night_run <= options_.now_ms ? night_run : night_run - kDayMs;
    TRY_ASSIGN(bank_.seeds, install_seeds(target_, catalogue_));
    read_products();
    Organisation organisation(lists_, pack_, target_, batch_, bank_, report_);
    TRY(organisation.build(wanted_, shares_.customers_per_officer, options_.seed));
    TRY(cast());
    TRY(townspeople(organisation));
    TRY(batch_.flush());
    finish();
    return {};
  }

 private:
  // Nothing is written that names a choice which the packs do not have.
  Status hand_on(std::span<const Draft> drafts) {
    TRY(pack_.status());
    std::vector<ImportKey> keys;
    if (!marked_) keys.push_back({"bank", bank_.county, {}});
    marked_ = true;
    return target_.write(kSource, drafts, keys);
  }

  void read_products() {
    const Entity* product = catalogue_.entity("product");
    for (const Seed& seed : catalogue_.seeds()) {
      if (product == nullptr || seed.entity != "product") continue;
      Product& entry = bank_.products[seed.key];
      for (const SeedCell& cell : seed.cells) {
        const Field* field = product->field(cell.field);
        if (field != nullptr && field->name == "rate") entry.rate_bp = int_of(cell.value);
        if (field != nullptr && field->name == "months") entry.months = int_of(cell.value);
      }
    }
  }

  Status cast() {
    Cast cast(lists_, bank_, numbers_, target_);
    Writer writer(pack_, bank_, target_, batch_, report_);
    TRY_ASSIGN(std::vector<Customer> customers, cast.customers());
    Officer& lin = bank_.officers.front();
    for (Customer& c : customers) {
      TRY(writer.customer(c));
      ++lin.customers;
    }
    TRY_ASSIGN(const std::vector<Group> groups, cast.groups());
    for (const Group& group : groups) TRY(writer.group(group));
    TRY_ASSIGN(const std::vector<Task> tasks, cast.tasks());
    for (const Task& task : tasks) TRY(writer.task(task, kNoRow, lin));
    lin.visits_today = lin.tasks = UINT32_MAX / 2;  // her day is full
    return {};
  }

  Status townspeople(const Organisation& organisation) {
    People people(lists_, bank_.villages, numbers_, bank_.today);
    Money money(lists_, bank_.products, numbers_, bank_.today, shares_.routine, shares_.active);
    Work work(lists_, bank_.villages, {shares_.contact, shares_.detail}, options_.now_ms);
    Writer writer(pack_, bank_, target_, batch_, report_);
    for (std::uint64_t i = 0; report_.customers < wanted_; ++i) {
      Dice dice(options_.seed, 1'000 + i);  // each household has its own stream
      const std::size_t branch = organisation.branch_weights().pick(dice);
      const std::vector<std::size_t>& villages = organisation.villages_of(branch);
      const std::size_t village = dice.pick(villages);
      const std::size_t officer =
          officer_for(organisation.officers_of(branch), village, villages.size(), dice);
      if (dice.chance(4)) {
        Household firm;
        firm.customers.push_back(people.firm(village, dice));
        TRY(household(firm, officer, money, work, writer, dice));
      } else {
        Household home = people.household(village, dice);
        TRY(household(home, officer, money, work, writer, dice));
      }
      if (i % 256 == 0) progress();
    }
    for (const auto& [officer, group] : waiting_) {
      if (group.members.size() >= kGroupMin) TRY(writer.group(group));
    }
    progress();
    return {};
  }

  void progress() const {
    if (options_.progress) {
      options_.progress(static_cast<std::uint32_t>(report_.customers), wanted_);
    }
  }

  // Each officer has his villages; the cast's has the largest portfolio of her
  // branch. Where officers outnumber villages, some share one.
  std::size_t officer_for(const std::vector<std::size_t>& officers, std::size_t village,
                          std::size_t villages, Dice& dice) const {
    constexpr std::uint32_t kTabletCustomers = 3'500;
    const std::uint32_t of_branch = std::max<std::uint32_t>(1, wanted_ / 8);
    const auto percent = static_cast<int>(std::min(40U, kTabletCustomers * 100 / of_branch));
    if (officers.front() == 0 && dice.chance(percent)) return 0;
    const std::size_t rounds = (officers.size() + villages - 1) / villages;
    const auto round = static_cast<std::size_t>(dice.below(rounds));
    return officers[(village + villages * round) % officers.size()];
  }

  Status household(Household& home, std::size_t officer_no, Money& money, Work& work,
                   Writer& writer, Dice& dice) {
    Officer& officer = bank_.officers[officer_no];
    const std::size_t room = wanted_ - report_.customers;
    if (home.customers.size() > room) home.customers.resize(room);
    for (Customer& c : home.customers) {
      c.row = target_.mint();
      c.officer = officer_no;
      money.equip(c, dice);
    }
    Customer& head = home.customers.front();
    const bool joins = dice.chance(shares_.groups) && head.land.has_value();
    if (joins) money.lend_in_group(head, dice.between(3, 10) * 1'000'000, dice);
    link(home);
    for (Customer& c : home.customers) {
      work.fill(c, officer, dice);
      ++officer.customers;
    }
    if (joins) TRY(join_group(head, writer));
    for (Customer& c : home.customers) TRY(writer.customer(c));
    if (!home.members.empty() && dice.chance(shares_.households)) {
      home.row = target_.mint();
      TRY(writer.household(home));
    }
    return {};
  }

  // Members point at their records, and couples, parents and children at each other.
  void link(Household& home) {
    std::vector<Word> roles(home.customers.size());
    for (Member& member : home.members) {
      const std::int64_t place = -number(member.customer) - 1;
      if (member.customer == kNoRow) continue;
      const bool kept = place < static_cast<std::int64_t>(home.customers.size());
      member.customer = kept ? home.customers[static_cast<std::size_t>(place)].row : kNoRow;
      if (kept) roles[static_cast<std::size_t>(place)] = member.role;
    }
    Customer& head = home.customers.front();
    for (std::size_t i = 1; i < home.customers.size(); ++i) {
      Customer& other = home.customers[i];
      const Word back = roles[i] == "child" ? "parent" : roles[i] == "parent" ? "child" : roles[i];
      Relation tie;
      tie.row = target_.mint();
      tie.other = other.row;
      tie.other_name = other.name;
      tie.kind = roles[i];
      Relation mirror;
      mirror.row = target_.mint();
      mirror.other = head.row;
      mirror.other_name = head.name;
      mirror.kind = back;
      mirror.mirror_of = tie.row;
      head.relations.push_back(std::move(tie));
      other.relations.push_back(std::move(mirror));
    }
  }

  // Five farming heads of one officer's area make a guarantee group.
  Status join_group(Customer& head, Writer& writer) {
    Group& waiting = waiting_[head.officer];
    if (waiting.members.empty()) {
      waiting.row = target_.mint();
      waiting.village = head.village;
      waiting.officer = head.officer;
      waiting.name =
          bank_.villages[head.village].name + "第" + std::to_string(++groups_) + "联保小组";
      waiting.formed = bank_.today - 400;
      waiting.signed_on = bank_.today - 120;
      waiting.ends = bank_.today + 245;
      waiting.amount_minor = 5'000'000;
    }
    head.tags.push_back(waiting.members.empty() ? "group_leader" : "group");
    waiting.members.push_back({head.row, head.name});
    if (waiting.members.size() < kGroupMax) return {};
    TRY(writer.group(waiting));
    waiting = {};
    return {};
  }

  void finish() {
    report_.rows = batch_.rows();
    report_.commits = batch_.commits();
    for (DemoLogin& login : report_.logins) {
      for (const Officer& officer : bank_.officers) {
        if (officer.row == login.staff) login.customers = officer.customers;
      }
    }
  }

  ImportTarget& target_;
  const Catalogue& catalogue_;
  const Lists& lists_;
  const Shares shares_;
  const DemoOptions& options_;
  const std::uint32_t wanted_;
  DemoReport& report_;
  DemoPack pack_;
  DraftBatch batch_;
  Bank bank_;
  Numbers numbers_;
  std::map<std::size_t, Group> waiting_;  // by officer
  std::uint32_t groups_ = 0;
  bool marked_ = false;
};

}  // namespace

Result<DemoSize> demo_size_of(std::string_view name) {
  if (name == "small") return DemoSize::Small;
  if (name == "county") return DemoSize::County;
  if (name == "large") return DemoSize::Large;
  return fail(ErrorCode::Invalid,
              "the sizes are small, county and large, not " + std::string(name));
}

Result<DemoReport> make_demo(ImportTarget& target, const Catalogue& catalogue, DemoSize size,
                             const DemoOptions& options) {
  DemoReport report;
  TRY_ASSIGN(const std::vector<ImportKey> before, target.keys(kSource));
  if (!before.empty()) {
    report.was_there = true;
    return report;
  }
  TRY_ASSIGN(const Lists lists, Lists::load(options.lists));
  const std::uint32_t wanted = options.customers != 0 ? options.customers : customers_of(size);
  TRY(Builder(target, catalogue, lists, shares_of(size), options, wanted, report).run());
  return report;
}

Result<DemoReport> make_demo(ServerStore& store, const Catalogue& catalogue, DemoSize size,
                             const DemoOptions& options) {
  StoreImportTarget target(store);
  return make_demo(target, catalogue, size, options);
}

std::string to_text(const DemoReport& r) {
  if (r.was_there) return "this store has a demo bank already; nothing was written\n";
  char text[400];
  std::snprintf(
      text, sizeof text,
      "%" PRIu64 " customers, %" PRIu64 " accounts, %" PRIu64 " transactions, %" PRIu64
      " contacts and visits, %" PRIu64 " tasks: %" PRIu64 " rows in %" PRIu64 " commits\n",
      r.customers, r.accounts, r.transactions, r.interactions, r.tasks, r.rows, r.commits);
  std::string out = text;
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < r.logins.size() && i < kShown; ++i) {
    const DemoLogin& login = r.logins[i];
    std::snprintf(text, sizeof text, "  %-6s %-8s %s, %s", login.staff_no.c_str(),
                  login.role.c_str(), login.name.c_str(), login.branch.c_str());
    out += text;
    if (login.customers > 0) out += ", " + std::to_string(login.customers) + " customers";
    out += "\n";
  }
  return out;
}

}  // namespace banyan
