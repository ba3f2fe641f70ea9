#include "sync-server/import/berka_words.h"

namespace banyan::berka {

std::string_view word_of(Channel channel) {
  switch (channel) {
    case Channel::Card: return "VYBER KARTOU";
    case Channel::CashIn: return "VKLAD";
    case Channel::CashOut: return "VYBER";
    case Channel::FromBank: return "PREVOD Z UCTU";
    case Channel::ToBank: return "PREVOD NA UCET";
    case Channel::None: break;
  }
  return "";
}

std::string_view word_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::Insurance: return "POJISTNE";
    case Purpose::Household: return "SIPO";
    case Purpose::Leasing: return "LEASING";
    case Purpose::Loan: return "UVER";
    case Purpose::Fee: return "SLUZBY";
    case Purpose::Interest: return "UROK";
    case Purpose::Penalty: return "SANKC. UROK";
    case Purpose::Pension: return "DUCHOD";
    case Purpose::None: break;
  }
  return "";
}

std::string_view word_of(Frequency frequency) {
  switch (frequency) {
    case Frequency::Monthly: return "POPLATEK MESICNE";
    case Frequency::Weekly: return "POPLATEK TYDNE";
    case Frequency::AfterEach: break;
  }
  return "POPLATEK PO OBRATU";
}

}  // namespace banyan::berka
