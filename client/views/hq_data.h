// What headquarters alone knows: fetched, kept with its age, fetched again when
// something has arrived. Old answers stay while there is no network.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/app/app.h"
#include "shared/app/queries.h"

namespace banyan::ui {

class HqData {
 public:
  struct Line {
    Arrival arrival;
    Label what;  // of the entity, so that no catalogue is kept alive
  };

  explicit HqData(App& app) : app_(app) {}
  ~HqData() { *alive_ = false; }
  HqData(const HqData&) = delete;
  HqData& operator=(const HqData&) = delete;

  // Asks for the newest when there is nothing yet or a sync has brought news.
  void keep_fresh();
  void refresh();
  void fetch_older();
  // Everything goes when the session does.
  void forget();

  const std::vector<Line>& arrivals() const { return arrivals_; }
  const std::vector<DeviceReport>& devices() const { return devices_; }
  std::int64_t late() const;
  const Arrivals& newest() const { return newest_; }  // without its commits
  bool asked() const { return newest_.asked_ms != 0; }
  bool loading() const { return arrivals_loading_ || devices_loading_; }
  bool loading_older() const { return older_loading_; }
  bool at_the_end() const { return at_the_end_; }
  const std::optional<Error>& trouble() const { return trouble_; }

 private:
  void take(Result<Arrivals> answer, bool older);
  void add(std::vector<Arrival> commits, bool older);

  App& app_;
  std::vector<Line> arrivals_;
  std::vector<DeviceReport> devices_;
  Arrivals newest_;
  bool arrivals_loading_ = false, devices_loading_ = false, older_loading_ = false;
  bool at_the_end_ = false;
  std::optional<Error> trouble_;
  std::int64_t synced_ms_ = -1;  // the sync after which it was asked
  std::uint64_t asking_ = 0;     // answers to older questions are dropped
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace banyan::ui
