// Photos of visits: small ones in a row, one large at a time. What lies on another device says so
// and is fetched when somebody wants to see it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "client/frame.h"
#include "shared/app/app.h"

namespace banyan::ui {

// "3 photos, 1 of them on another device".
std::string photo_words(Frame& frame, std::span<const PhotoItem> photos);
// Takes what it needs from the right of `row`. The photo that was pressed, or -1.
int photo_strip(Frame& frame, const Session& session, Rect& row, std::span<const PhotoItem> photos);
// Opens a sheet. `app` must outlive it.
void open_photos(Frame& frame, App& app, std::vector<PhotoItem> photos, std::size_t first);

}  // namespace banyan::ui
