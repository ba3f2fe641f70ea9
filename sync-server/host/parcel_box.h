// Files of parcels on their way through the data folder: `banyan-server carry` puts one
// in, the process that writes the bank takes it and leaves the answer, the command
// brings that away. So a stick can be read beside a running server.
//
//   DIR/parcels/in/ID        a file as the carrier brought it
//   DIR/parcels/out/ID       the answer: parcels for devices
//   DIR/parcels/out/ID.json  what became of each parcel; written last
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "shared/crypto/box.h"
#include "shared/sync/server.h"

namespace banyan::server {

// What became of one parcel.
struct ParcelNote {
  DeviceId device{};
  std::uint64_t appended = 0;  // commits newly in the log
  std::uint64_t parked = 0;    // bundles that wait
  std::string refused;         // name of an error code; empty: taken
  bool forked = false;
  bool operator==(const ParcelNote&) const = default;
};

struct CarriedFile {
  Bytes answers;
  std::vector<ParcelNote> notes;
  std::size_t damaged = 0;  // parcels that could not be read
};

// All parcels of one file, in order. An error only when the store fails.
Result<CarriedFile> take_parcels(ByteView file, sync::Server& server, const BoxKey& box);

class ParcelBox {
 public:
  explicit ParcelBox(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // ---- the command's end

  // Its name in the box; the same file has the same name.
  Result<std::string> put(ByteView file);
  // Nothing while it is still to be taken; afterwards the box has forgotten it.
  Result<std::optional<CarriedFile>> fetch(const std::string& id);

  // ---- the bank's end

  // Names that wait, oldest name first.
  Result<std::vector<std::string>> waiting() const;
  Result<Bytes> read(const std::string& id) const;
  // Only once what was taken is durable.
  Status answer(const std::string& id, const CarriedFile& file);

 private:
  std::filesystem::path in(const std::string& id) const { return folder_ / "in" / id; }
  std::filesystem::path out(const std::string& id) const { return folder_ / "out" / id; }

  std::filesystem::path folder_;
};

}  // namespace banyan::server
