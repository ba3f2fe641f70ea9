# Dear ImGui: sources only. CMake compiles them, since client/imconfig.h is ours.

imgui_inputs() { entry imgui; cat "$here/recipes/imgui.sh"; }

imgui_build() {  # source out
  fetch_debian_source imgui
  mkdir -p "$2/licence" "$2/backends"
  cp source/*.cpp source/*.h "$2/"
  cp source/backends/imgui_impl_opengl3*.* "$2/backends/"
  cp source/LICENSE.txt "$2/licence/LICENSE"
  # Not "version" beside the headers: the standard library includes a header of that name.
  cp source/.version "$2/licence/version"
}
