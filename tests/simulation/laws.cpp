// Compiled for each program by itself: with rules that can be broken, and without.
#include "shared/base/laws.h"

#include "tests/simulation/mutants.h"

#ifdef BANYAN_BREAKABLE

namespace banyan {
Law broken_law = Law::None;
}
bool banyan::sim::break_law(Law law) {
  broken_law = law;
  return true;
}

#else

bool banyan::sim::break_law(Law law) { return law == Law::None; }

#endif
