// The organisation's keys, one file each in the data folder, made at the first
// start: "banyan-key VERSION ALGORITHM PURPOSE HEX", readable by its owner only.
//
// Whoever loses them loses the devices' trust, and whoever copies them can speak
// for the bank: they belong in every backup of the folder, and in nothing else.
#pragma once

#include <filesystem>

#include "shared/crypto/box.h"
#include "shared/crypto/hash.h"
#include "shared/crypto/sign.h"

namespace banyan::server {

struct Keys {
  SigningKey organisation;  // replies, pages, catalogues, what the server itself writes
  BoxKey box;               // bundles sealed for headquarters
  MacKey challenge;         // server challenges; equal in all processes of one bank
};

// Locked when a key file may be read by others; Corrupt when one is damaged.
Result<Keys> open_keys(const std::filesystem::path& folder, Random& random);

}  // namespace banyan::server
