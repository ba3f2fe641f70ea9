#pragma once

#include <doctest/doctest.h>

#include "tests/support/postgres_process.h"

namespace banyan::test {

// One PostgreSQL for all tests of the program. Null, with a word, where none is installed.
PostgresProcess* a_postgres();

}  // namespace banyan::test
