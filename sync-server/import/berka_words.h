// The words of the Czech bank's own files, for rows that came in a copy in another language.
#pragma once

#include <string_view>

#include "sync-server/import/berka_files.h"

namespace banyan::berka {

std::string_view word_of(Channel channel);      // operation; empty for None
std::string_view word_of(Purpose purpose);      // k_symbol; empty for None
std::string_view word_of(Frequency frequency);  // how often a statement is sent

}  // namespace banyan::berka
