// Dear ImGui's settings, the same for the library and for everything that uses it.
#pragma once

namespace banyan {
[[noreturn]] void check_failed(const char* expression, const char* file, int line);
}

// ImGui's own assertions end the program as ours do; the text would only cost download size.
#define IM_ASSERT(_EXPR) \
  ((_EXPR) ? static_cast<void>(0) : ::banyan::check_failed("imgui", __FILE__, __LINE__))

#define IMGUI_USE_WCHAR32           // rare characters of names lie beyond the first 65,536
#define ImDrawIdx unsigned int      // WebGL 2 has no base vertex: long lists need 32-bit indices
#define IMGUI_DISABLE_DEFAULT_FONT  // our fonts are files; saves 10 KB
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_FILE_FUNCTIONS
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
// The build also defines these two on the command line.
#ifndef IMGUI_ENABLE_TEST_ENGINE
#define IMGUI_ENABLE_TEST_ENGINE  // the hooks feed the accessible tree (widgets/access.cpp)
#endif
#ifndef IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#endif
