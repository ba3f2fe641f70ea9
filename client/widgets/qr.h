// A QR code on the screen: black on white in every theme, with its quiet zone.
#pragma once

#include "client/frame.h"
#include "shared/qr/qr_code.h"

namespace banyan::ui {

// As large as fits into the middle of `rect`, its modules on whole device pixels.
void paint_qr(Frame& frame, const Rect& rect, const QrCode& code);

}  // namespace banyan::ui
