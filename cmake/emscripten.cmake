# Finds the toolchain file of whichever emcc is on the PATH, so that a plain
# `cmake --preset web-release` does what `emcmake cmake` would.
if(IS_DIRECTORY /usr/share/nodejs AND NOT DEFINED ENV{NODE_PATH})
  set(ENV{NODE_PATH} /usr/share/nodejs)  # where Debian's emcc looks for acorn
endif()
find_program(banyan_emcc emcc NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(REAL_PATH ${banyan_emcc} banyan_emcc)
cmake_path(GET banyan_emcc PARENT_PATH banyan_emscripten)
foreach(root ${banyan_emscripten} /usr/share/emscripten $ENV{EMSDK}/upstream/emscripten)
  if(EXISTS ${root}/cmake/Modules/Platform/Emscripten.cmake)
    include(${root}/cmake/Modules/Platform/Emscripten.cmake)
    return()
  endif()
endforeach()
message(FATAL_ERROR "no Emscripten.cmake beside ${banyan_emcc}")
