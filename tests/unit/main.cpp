// Runs the doctest suite it is linked with, natively or under node, and prints
// doctest's summary, from which ./test counts.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
