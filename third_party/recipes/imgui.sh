# Dear ImGui: sources only. CMake compiles them, since client/imconfig.h is ours.

imgui_inputs() { entry imgui; cat "$here/recipes/imgui.sh"; }

imgui_build() {  # source out
  fetch_debian_source imgui
  mkdir -p "$2/licence" "$2/backends"
  cp source/*.cpp source/*.h "$2/"
  cp source/backends/imgui_impl_opengl3*.* "$2/backends/"
  cp source/LICENSE.txt "$2/licence/LICENSE"
  cp source/.version "$2/version"
}
