// One thread that does blocking work (the database, the disk) in order, behind a
// bounded queue: when it is full the caller says "later" instead of piling up.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace banyan::http {

class Worker {
 public:
  using Job = std::function<void()>;

  explicit Worker(std::size_t queue_max);
  ~Worker();  // finishes what is queued
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False when the queue is full or the worker is stopping; `job` is then not run.
  // A job does not throw.
  [[nodiscard]] bool submit(Job job);

  std::size_t waiting() const;

 private:
  void run();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace banyan::http
