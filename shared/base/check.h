// Assertions that stay on in release: for what only our own mistake can cause.
#pragma once

namespace banyan {

// Prints the broken assumption and stops the process (in the browser: the
// worker, which the page restarts).
[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace banyan

#define BANYAN_CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::banyan::check_failed(#expression, __FILE__, __LINE__))
