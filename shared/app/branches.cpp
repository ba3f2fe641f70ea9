#include <algorithm>
#include <map>

#include "shared/app/ask.h"
#include "shared/app/queries.h"

namespace banyan {

namespace {

constexpr int kBranchDepthMax = 8;  // deeper, or in a ring: shown at the top

struct Node {
  BranchReport report;
  RowId parent{};
  std::string order;  // code, then name
  std::vector<Node*> children;
};

using Tree = std::map<RowId, Node>;

Tree read_nodes(const Session& session) {
  Tree tree;
  ask(session, "SELECT id, name, parent, coalesce(code, '') FROM branch WHERE _dead=0",
      [&](const Statement& row) {
        Node& node = tree[row.row_id(0)];
        node.report.branch = row.row_id(0);
        node.report.name = text_at(row, 1);
        node.parent = row.row_id(2);
        node.order = text_at(row, 3) + node.report.name;
      });
  ask(session,
      "SELECT c.branch, count(*), sum(c.assets), sum(c.loans) FROM customer c"
      " WHERE c._dead=0 GROUP BY c.branch",
      [&](const Statement& row) {
        const auto found = tree.find(row.row_id(0));
        if (found == tree.end()) return;
        found->second.report.customers = row.integer(1);
        found->second.report.deposits_minor = row.integer(2);
        found->second.report.loans_minor = row.integer(3);
      });
  const std::int64_t since = session.now_ms() - 30LL * 86'400'000;
  ask(
      session,
      "SELECT c.branch, count(*) FROM visit v JOIN customer c ON c.id=v._agg"
      " WHERE v.arrived_at>=?1 AND v._dead=0 GROUP BY c.branch",
      [&](const Statement& row) {
        const auto found = tree.find(row.row_id(0));
        if (found != tree.end()) found->second.report.visits_30_days = row.integer(1);
      },
      since);
  return tree;
}

bool in_a_ring(const Tree& tree, RowId start) {
  RowId at = start;
  for (int depth = 0; depth <= kBranchDepthMax; ++depth) {
    const auto found = tree.find(at);
    if (found == tree.end()) return false;
    at = found->second.parent;
  }
  return true;
}

// Adds the children into their parent, then lists parent before children.
void walk(Node& node, int depth, std::vector<BranchReport>& out) {
  node.report.depth = depth;
  const std::size_t place = out.size();
  out.emplace_back();
  std::sort(node.children.begin(), node.children.end(),
            [](const Node* a, const Node* b) { return a->order < b->order; });
  for (Node* child : node.children) {
    walk(*child, depth + 1, out);
    node.report.customers += child->report.customers;
    node.report.visits_30_days += child->report.visits_30_days;
    node.report.deposits_minor += child->report.deposits_minor;
    node.report.loans_minor += child->report.loans_minor;
  }
  out[place] = node.report;
}

}  // namespace

std::vector<BranchReport> read_branches(const Session& session) {
  Tree tree = read_nodes(session);
  std::vector<Node*> roots;
  for (auto& [id, node] : tree) {
    const auto parent = tree.find(node.parent);
    if (parent == tree.end() || in_a_ring(tree, id)) {
      roots.push_back(&node);
    } else {
      parent->second.children.push_back(&node);
    }
  }
  std::sort(roots.begin(), roots.end(),
            [](const Node* a, const Node* b) { return a->order < b->order; });
  std::vector<BranchReport> out;
  for (Node* root : roots) walk(*root, 0, out);
  return out;
}

}  // namespace banyan
