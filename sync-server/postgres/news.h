// Hears what other processes have appended: one thread with one direct connection.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "shared/base/ids.h"
#include "shared/base/result.h"

namespace banyan::postgres {

class News {
 public:
  struct Heard {
    // From the thread of this object. `touched` as ServerTables::tell() had it; nothing: it is not
    // known what, or there was too much to say.
    std::function<void(const std::optional<std::vector<RowId>>& touched)> news;
    // The connection was lost and is made anew, again and again; or it is there again (no error).
    std::function<void(const Status&)> state;
  };

  // `url` must lead to the database itself: a pooler that lends connections hears nothing.
  News(std::string url, Heard heard);
  ~News();
  News(const News&) = delete;
  News& operator=(const News&) = delete;

 private:
  void run();
  Status listen();
  void tell(const std::vector<std::string>& said);
  bool wait(int socket, int ms);  // false: stop

  std::string url_;
  Heard heard_;
  int stop_[2] = {-1, -1};
  std::thread thread_;  // last: it uses everything above
};

}  // namespace banyan::postgres
