#include "tests/support/http_device.h"

#include "shared/catalogue/packs.h"
#include "shared/sync/rekey.h"
#include "shared/sync/signed_request.h"
#include "tests/support/raw_http.h"

namespace banyan::test {
namespace {

constexpr int kRoundsMax = 10'000;

Result<HttpDevice::Answer> ask(std::uint16_t port, std::string_view method, std::string_view target,
                               ByteView body) {
  const auto answer = http_once(port, method, target, as_text(body));
  if (!answer) return fail(ErrorCode::Unavailable, "no answer from the server");
  return HttpDevice::Answer{answer->status, answer->body};
}

// The body of a 200, or Refused with the status.
Result<Bytes> fetch(std::uint16_t port, std::string_view method, std::string_view target,
                    ByteView body) {
  TRY_ASSIGN(const HttpDevice::Answer answer, ask(port, method, target, body));
  if (answer.status != 200) {
    return fail(ErrorCode::Refused, "status " + std::to_string(answer.status));
  }
  const ByteView bytes = as_bytes(answer.body);
  return Bytes(bytes.begin(), bytes.end());
}

}  // namespace

Result<std::unique_ptr<HttpDevice>> HttpDevice::enrol(std::uint16_t port, const std::string& link) {
  std::unique_ptr<HttpDevice> device(new HttpDevice(port));
  TRY(device->join(link));
  TRY(device->fetch_catalogue());
  TRY_ASSIGN(device->database_, Database::open({}));
  TRY(device->open_replica());
  return device;
}

Status HttpDevice::join(const std::string& link) {
  TRY_ASSIGN(const sync::EnrolLink parsed, sync::parse_fragment("enrol=" + link));
  const Bytes request =
      sync::encode_enrol_request({parsed.code, key_.verify_key(), box_.public_key()}, key_);
  TRY_ASSIGN(const Bytes reply, fetch(port_, "POST", "/v0/enrol", request));
  TRY_ASSIGN(enrolment_, sync::decode_enrol_reply(reply, parsed.fingerprint));
  return {};
}

Status HttpDevice::fetch_catalogue() {
  TRY_ASSIGN(const Bytes answer, fetch(port_, "GET", "/v0/catalogue", {}));
  TRY_ASSIGN(const sync::CatalogueReply packs,
             sync::decode_catalogue(answer, enrolment_.organisation_key));
  TRY_ASSIGN(const std::vector<PackSource> sources, split_packs(packs.packs));
  TRY_ASSIGN(Catalogue catalogue, load_packs(sources, {packs.number, nullptr}));
  catalogue_ = std::make_shared<Catalogue>(std::move(catalogue));
  return {};
}

Status HttpDevice::open_replica() {
  client_.reset();
  replica_.reset();
  TRY_ASSIGN(replica_, Replica::open(*database_, *catalogue_,
                                     {enrolment_.device,
                                      enrolment_.user,
                                      enrolment_.organisation,
                                      {enrolment_.epoch, enrolment_.head}},
                                     clock_, random_));
  client_ =
      std::make_unique<sync::Client>(*replica_, key_, enrolment_.organisation_key, clock_, random_);
  return {};
}

Result<std::unique_ptr<HttpDevice>> HttpDevice::copy() const {
  std::unique_ptr<HttpDevice> device(new HttpDevice(port_));
  device->key_ = SigningKey(key_.seed().duplicate());
  device->enrolment_ = enrolment_;
  device->catalogue_ = catalogue_;
  TRY_ASSIGN(device->database_, Database::open({}));
  TRY(database_->backup_to(*device->database_, 1000, [] { return true; }));
  TRY(device->open_replica());
  return device;
}

Status HttpDevice::rekey() {
  SigningKey key = SigningKey::generate(random_);
  const BoxKey box = BoxKey::generate(random_);
  TRY_ASSIGN(const sync::RekeyRequest request,
             sync::make_rekey_request(*replica_, key, box.public_key()));
  TRY_ASSIGN(const Answer answer,
             signed_request("POST", "/v0/rekey", sync::encode_rekey_request(request, key)));
  if (answer.status != 200) return fail(ErrorCode::Refused, std::to_string(answer.status));
  TRY_ASSIGN(const sync::RekeyReply reply,
             sync::decode_rekey_reply(as_bytes(answer.body), enrolment_.organisation_key));
  TRY(replica_->rekey(reply.number, [] { return Status{}; }));
  enrolment_ = reply.enrolment;
  key_ = std::move(key);
  return open_replica();
}

Result<sync::Progress> HttpDevice::sync() {
  for (int round = 0; round < kRoundsMax; ++round) {
    TRY_ASSIGN(const Bytes request, client_->make_request());
    TRY_ASSIGN(const Bytes reply, fetch(port_, "POST", "/v0/sync", request));
    TRY_ASSIGN(const sync::Progress progress, client_->handle_reply(reply));
    if (!progress.more) return progress;
  }
  return fail(ErrorCode::Unavailable, "the rounds do not end");
}

void HttpDevice::small_pages(std::size_t aggregates) {
  sync::Client::Limits limits;
  limits.adapt = false;
  limits.groups_max = aggregates;
  client_->set_limits(limits);
}

Result<HttpDevice::Answer> HttpDevice::signed_request(std::string_view method,
                                                      const std::string& target, ByteView body) {
  TRY_ASSIGN(const Bytes challenge, fetch(port_, "GET", "/v0/challenge", {}));
  const std::string path =
      sync::sign_target(method, target, body, enrolment_.device, challenge, key_);
  return ask(port_, method, path, body);
}

Result<Bytes> HttpDevice::pack() {
  TRY_ASSIGN(const sync::Client::ForCarrier made, client_->make_carried());
  const sync::ParcelLabel label{enrolment_.organisation, sync::Heading::ToHeadquarters,
                                enrolment_.device};
  Bytes file;
  for (const Bytes& request : made.requests) {
    TRY_ASSIGN(const Bytes parcel,
               sync::seal_parcel(label, enrolment_.server_box, request, random_));
    file.insert(file.end(), parcel.begin(), parcel.end());
  }
  return file;
}

Result<sync::Progress> HttpDevice::unpack(ByteView file) {
  Result<sync::Progress> newest = fail(ErrorCode::NotFound, "nothing new in the answer");
  for (const ByteView parcel : sync::split_parcels(file).parcels) {
    const auto reply = sync::open_parcel(parcel, box_);
    if (!reply) continue;  // for another device
    TRY_ASSIGN(const sync::Client::Delivered one, client_->handle_carried(*reply));
    if (one.delivery == sync::Client::Delivery::Taken) newest = one.progress;
  }
  return newest;
}

Result<std::string> HttpDevice::news_path() {
  TRY_ASSIGN(const Answer answer, signed_request("POST", "/v0/ticket"));
  if (answer.status != 200) return fail(ErrorCode::Refused, std::to_string(answer.status));
  return "/v0/news?ticket=" + answer.body;
}

}  // namespace banyan::test
