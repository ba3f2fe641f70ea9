// One thread that does blocking work (the database, the disk) in order, behind a
// bounded queue: when it is full the caller says "later" instead of piling up.
//
// What has queued up meanwhile is done as one batch, so that many small pushes
// share one flush of the disk (group commit): nobody is told that his work is
// done before the whole batch is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace banyan::http {

class Worker {
 public:
  struct Job {
    std::function<void()> work;           // does not throw
    std::function<void(bool kept)> done;  // false: the batch could not be kept
  };
  struct Batch {
    std::size_t jobs_max = 1;
    std::function<bool()> begin, end;  // around the works of a batch; false: it failed
  };

  explicit Worker(std::size_t queue_max);  // batches of one
  Worker(std::size_t queue_max, Batch batch);
  ~Worker();  // finishes what is queued
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False when the queue is full, in jobs or in time (limits.h), or the worker is stopping;
  // `job` is then not run.
  [[nodiscard]] bool submit(Job job);

  // How long what waits will take, by the pace of the last jobs.
  std::chrono::milliseconds backlog() const;

  std::size_t waiting() const;

 private:
  void run();
  bool run_batch(std::vector<Job>& jobs);
  bool full() const;
  void note_pace(std::chrono::nanoseconds job);

  const std::size_t queue_max_;
  const Batch batch_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job> jobs_;
  std::chrono::nanoseconds pace_{0};  // of a job, the newest batch counting an eighth
  bool stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace banyan::http
