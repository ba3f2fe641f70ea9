// Which names a pack may give. Names of entities and fields become tables and
// columns and stand bare in expressions, so no keyword of SQLite or PostgreSQL
// is among them.
#include <algorithm>
#include <string>
#include <string_view>

#include "shared/catalogue/reading.h"

namespace banyan::packs {

namespace {

constexpr std::string_view kKeywords =
    " abort action add after all alter always analyse analyze and any array as asc asymmetric "
    "attach authorization autoincrement before begin between binary both by cascade case cast "
    "check collate collation column commit concurrently conflict constraint create cross "
    "current current_catalog current_date current_role current_schema current_time "
    "current_timestamp current_user database default deferrable deferred delete desc detach "
    "distinct do drop each else end escape except exclude exclusive exists explain fail false "
    "fetch filter first following for foreign freeze from full generated glob grant group "
    "groups having if ignore ilike immediate in index indexed initially inner insert instead "
    "intersect into is isnull join key last lateral leading left like limit localtime "
    "localtimestamp match materialized natural no not nothing notnull null nulls of offset on "
    "only or order others outer over overlaps partition placing plan pragma preceding primary "
    "query raise range recursive references regexp reindex release rename replace restrict "
    "returning right rollback row rows savepoint select session_user set similar some "
    "symmetric system_user table tablesample temp temporary then ties to trailing transaction "
    "trigger true unbounded union unique update user using vacuum values variadic verbose "
    "view virtual when where window with without ";

// Columns that every table has, and the names that the caller of an expression gives.
constexpr std::string_view kTaken = " id rowid oid today now me ";

// Authentication secrets and biometrics (class C3 of JR/T 0171) never enter the system.
constexpr std::string_view kSecrets =
    " pin cvv cvv2 cvc cvn cvn2 track1 track2 track3 password passwd passcode passphrase otp "
    "biometric fingerprint faceprint voiceprint iris ";

bool holds(std::string_view list, std::string_view name) {
  return list.find(" " + std::string(name) + " ") != std::string_view::npos;
}

bool names_secret(std::string_view name) {
  while (!name.empty()) {
    const auto end = std::min(name.find('_'), name.size());
    if (holds(kSecrets, name.substr(0, end))) return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

}  // namespace

std::string name_problem(std::string_view name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool good = !name.empty() && name.size() <= 40 && letter(name[0]) &&
                    std::all_of(name.begin(), name.end(), [&](char c) {
                      return letter(c) || (c >= '0' && c <= '9') || c == '_';
                    });
  return good ? "" : "a name has at most 40 of a-z, 0-9 and _, and begins with a letter";
}

std::string column_problem(std::string_view name) {
  if (auto problem = name_problem(name); !problem.empty()) return problem;
  if (holds(kKeywords, name)) return "\"" + std::string(name) + "\" is a word of SQL";
  if (holds(kTaken, name)) return "\"" + std::string(name) + "\" has a meaning already";
  if (names_secret(name)) return "secrets and biometrics of customers are never stored";
  return {};
}

}  // namespace banyan::packs
