// The answer of a query, read again only when something has changed.
#pragma once

#include <cstdint>
#include <utility>

namespace banyan::ui {

template <class T>
class Cached {
 public:
  // `version` is Session::version(); `key` tells apart what is asked (a row id).
  template <class Read>
  const T& get(std::uint64_t version, std::uint64_t key, Read read) {
    if (version != version_ || key != key_) {
      value_ = read();
      version_ = version;
      key_ = key;
    }
    return value_;
  }
  void forget() { version_ = 0; }

 private:
  std::uint64_t version_ = 0, key_ = 0;
  T value_{};
};

}  // namespace banyan::ui
