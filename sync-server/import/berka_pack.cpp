#include "sync-server/import/berka_pack.h"

namespace banyan::berka {

Result<Pack> Pack::of(const Catalogue& catalogue) {
  PackReader in(catalogue);
  Pack p;
  p.branch = in.shape("branch", {"name", "kind", "parent", "code", "open"});
  p.staff = in.shape("staff", {"name", "staff_no", "role", "branch", "active"});
  p.product = in.shape("product", {"name", "code", "kind", "on_sale"});
  p.customer =
      in.shape("customer", {"name", "kind", "owner", "branch", "status", "gender", "birth_date",
                            "customer_no", "source", "since", "assets", "loans", "figures_at"});
  p.account = in.shape("account", {"product", "number", "balance", "as_of", "status", "opened",
                                   "closed", "due", "amount", "currency", "branch", "next_amount"});
  p.transaction =
      in.shape("txn", {"account", "booked_on", "amount", "balance", "kind", "channel", "text",
                       "counter_account", "counter_bank", "reference", "currency"});
  p.standing_order = in.shape("standing_order", {"account", "amount", "kind", "payee_account",
                                                 "payee_bank", "months", "reference", "currency"});
  p.relation = in.shape("relation", {"other", "other_name", "kind", "note", "mirror_of"});
  p.preference = in.shape("preference", {"topic", "text", "source", "noted_on"});

  p.branch_kind = {in.choice("branch", "kind", "province"), in.choice("branch", "kind", "county"),
                   in.choice("branch", "kind", "branch")};
  p.product_kind = {in.choice("product", "kind", "current"), in.choice("product", "kind", "loan"),
                    in.choice("product", "kind", "card")};
  p.account_status = {in.choice("account", "status", "active"),
                      in.choice("account", "status", "overdue"),
                      in.choice("account", "status", "closed")};
  const auto kind = [&in](std::string_view name) { return in.choice("txn", "kind", name); };
  p.kind = {kind("deposit"),   kind("withdrawal"), kind("transfer_in"), kind("transfer_out"),
            kind("repayment"), kind("interest"),   kind("fee"),         kind("pension"),
            kind("card"),      kind("insurance"),  kind("household"),   kind("other")};
  p.channel = {in.choice("txn", "channel", "counter"), in.choice("txn", "channel", "card"),
               in.choice("txn", "channel", "auto")};
  p.person = in.choice("customer", "kind", "person");
  p.active_customer = in.choice("customer", "status", "active");
  p.from_core = in.choice("customer", "source", "core");
  p.female = in.choice("customer", "gender", "female");
  p.male = in.choice("customer", "gender", "male");
  p.relation_other = in.choice("relation", "kind", "other");
  p.preference_other = in.choice("preference", "topic", "other");
  p.preference_import = in.choice("preference", "source", "import");
  TRY(in.status());
  return p;
}

}  // namespace banyan::berka
