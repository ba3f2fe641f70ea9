// A bank's whole cluster on one machine, from the files that its operators are given
// (sync-server/deploy): etcd, three nodes of Patroni with PostgreSQL, HAProxy and PgBouncer in
// front of two banyan-servers. Nodes can die, hang, be cut off, and come back.
//
// Only the addresses are another machine's; `cluster.cpp` lists what is replaced in the files.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/contracts/http/demo_bank.h"
#include "tests/support/postgres_process.h"

namespace banyan::test {

class Cluster {
 public:
  static constexpr std::size_t kNodes = 3;

  // Which program this machine lacks; empty when none.
  static std::string missing();

  // Starts everything but the servers, and makes the database. ready() is false, and why() says
  // why, when it does not come up.
  Cluster();
  bool ready() const { return why_.empty(); }
  const std::string& why() const { return why_; }

  // Two servers of this bank, which has been moved to direct(), and the balancer before them.
  void serve(const DemoBank& bank);
  std::uint16_t port() const { return tablets_; }  // of the balancer: for tablets

  // Addresses of the primary, whichever it is: past PgBouncer, and through it.
  std::string direct() const;
  std::string pooled() const;
  // Of one node, past balancer and partition.
  std::string url_of(std::size_t node) const;

  // The node that says it is the primary; none while there is none, or two.
  std::optional<std::size_t> primary() const;
  // The node that every acknowledged commit is on, besides the primary.
  std::optional<std::size_t> synchronous() const;
  // Waits until one primary and all replicas are there and one of them is synchronous.
  bool whole(int seconds) const;
  // Waits until another node than this one is primary.
  std::optional<std::size_t> other_than(std::size_t node, int seconds) const;

  void kill(std::size_t node);   // every process of it, as when the power goes
  void start(std::size_t node);  // again
  void hang(std::size_t node);   // every process stops where it stands
  void wake(std::size_t node);
  void cut_off(std::size_t node);  // nothing reaches it, and it reaches nobody
  void join(std::size_t node);

  // What the parts have printed, for a failure's message.
  std::string output() const;

 private:
  struct Node {
    std::uint16_t database = 0, rest = 0;                      // its own
    std::uint16_t seen_database = 0, seen_rest = 0, etcd = 0;  // through its network card
    std::unique_ptr<TemporaryFolder> folder;
    std::unique_ptr<HelperProcess> patroni, card;
  };
  void start_etcd();
  void write_node(std::size_t node);
  void start_balancer();
  bool make_database();
  std::vector<pid_t> processes(std::size_t node) const;
  void signal(std::size_t node, int number);
  int status(std::size_t node, const char* path) const;

  std::array<Node, kNodes> nodes_;
  std::uint16_t etcd_port_, peer_port_, tablets_, primary_port_, pool_port_;
  std::array<std::uint16_t, 2> server_ports_;
  std::string why_;
  TemporaryFolder etcd_folder_, balancer_folder_, pooler_folder_;
  std::unique_ptr<HelperProcess> etcd_, balancer_, pooler_;
  std::vector<std::unique_ptr<ServerProcess>> servers_;
};

}  // namespace banyan::test
