// Values of any field, and who wrote them, as a person reads them.
#pragma once

#include <string>
#include <string_view>

#include "client/frame.h"
#include "shared/app/form.h"
#include "shared/app/models.h"
#include "shared/app/session.h"

namespace banyan::ui {

// "¥12,000.00", "4.35%", "138 0013 8000", the choice's word; a dash for nothing.
std::string value_words(const Frame& frame, const Session& session, const Field& field,
                        const Value& value);
// "4 号设备", or what the device is called.
std::string device_words(const Frame& frame, const Provenance& from);
// How to repair what was typed; empty when nothing is wrong.
std::string flaw_words(const Frame& frame, const Form::Item& item);
// Two parts of one line, whichever of them there are: "石桥村·用时 24 分".
std::string joined(const Frame& frame, std::string_view first, std::string_view second);

}  // namespace banyan::ui
