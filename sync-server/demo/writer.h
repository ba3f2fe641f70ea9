// Turns the demo bank's people and places into rows: one aggregate each.
#pragma once

#include "sync-server/demo/demo.h"
#include "sync-server/demo/demo_pack.h"
#include "sync-server/demo/lists.h"
#include "sync-server/demo/money.h"
#include "sync-server/demo/world.h"
#include "sync-server/import/draft_batch.h"
#include "sync-server/import/seeds.h"

namespace banyan::demo {

// What everything hangs on; filled by organisation.h.
struct Bank {
  RowId province{}, county{};
  std::vector<RowId> branches;  // by place in Places::branches
  std::vector<Village> villages;
  std::vector<Officer> officers;
  std::map<std::string, Product, std::less<>> products;  // by seed key
  SeedRows seeds;
  std::int64_t now_ms = 0, today = 0;
  std::int64_t figures_at_ms = 0;  // the core's last night run

  RowId product_row(Word key) const;
};

class Writer {
 public:
  // The references must outlive this object.
  Writer(const DemoPack& pack, const Bank& bank, ImportTarget& target, DraftBatch& batch,
         DemoReport& report)
      : pack_(pack), bank_(bank), target_(target), batch_(batch), report_(report) {}

  // Rows of one customer with all children, then his tasks. Gives row ids to
  // accounts and plans that have none.
  Status customer(Customer& customer);
  Status household(Household& household);
  Status group(const Group& group);
  Status task(const Task& task, RowId customer, const Officer& officer);

 private:
  using Rows = std::vector<RowWrite>;
  void head(const Customer& c, Rows& rows) const;
  void accounts(Customer& c, Rows& rows);
  void movements(const Account& account, Rows& rows);
  void contacts(const Customer& c, Rows& rows);
  void visits(Customer& c, Rows& rows);
  void knowledge(const Customer& c, Rows& rows);
  void requests(const Customer& c, Rows& rows);
  void papers(const Customer& c, Rows& rows);
  void relations(Customer& c, Rows& rows);
  Value place_of(const Customer& c) const;
  RowId staff_of(const Customer& c) const { return bank_.officers[c.officer].row; }
  RowId branch_of(const Officer& o) const { return bank_.branches[o.branch]; }
  Value product(Word key) const;

  const DemoPack& pack_;
  const Bank& bank_;
  ImportTarget& target_;
  DraftBatch& batch_;
  DemoReport& report_;
};

}  // namespace banyan::demo
