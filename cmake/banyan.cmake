# banyan_module(NAME [DEPS ...] [SOURCES ...] [EXCEPTIONS])
#   The static library banyan_NAME from every *.cpp of the current folder, of its
#   sub-folder native/ or web/ (the platform's), and of SOURCES. DEPS are names of
#   modules ("base") or targets ("banyan::sodium"); they are public.
#
# banyan_tests(NAME [DEPS ...])
#   The tests of module NAME (EXCEPTIONS: a module of the server): tests/unit/<path of the current folder>/*_test.cpp (and
#   its native/ or web/), as the program test-NAME and as a part of core-tests (or
#   server-tests). Call it beside banyan_module, or in a CMakeLists.txt beside the tests.
#
# banyan_fuzzer(NAME SOURCE [DEPS ...] [SOURCES ...] [EXCEPTIONS])
#   The libFuzzer program fuzz-NAME, built by the target "fuzzers". SOURCES are the few files of a
#   module of the server that it needs: those modules are not built for fuzzers.
#
# banyan_program(NAME [DEPS ...] [SOURCES ...] [EXCEPTIONS])
#   A program (in WebAssembly: one that node runs). One named bench-* is built by the
#   target "benches" and run by ./test bench.
#
# banyan_web_files([FOLDER sub] FILES ...)
#   Files that ./run lays into build/web (or its sub-folder), beside their .br and .gz.

add_library(banyan_flags INTERFACE)
target_compile_features(banyan_flags INTERFACE cxx_std_20)
target_include_directories(banyan_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(banyan_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -ffp-contract=off ${BANYAN_SANITIZE})
# Errors with the compilers that we build with every day. A newer one may know a warning
# that nobody has seen yet: that is no reason to stop a user's build.
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
   OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16))
  target_compile_options(banyan_flags INTERFACE -Werror)
endif()
# GCC 12 sees ghosts in optional and variant once it optimises; the sanitizers and
# clang watch the real thing.
target_compile_options(banyan_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
target_link_options(banyan_flags INTERFACE ${BANYAN_SANITIZE})

add_library(banyan_core_flags INTERFACE)
target_link_libraries(banyan_core_flags INTERFACE banyan_flags)
target_compile_options(banyan_core_flags INTERFACE -fno-exceptions -fno-rtti)

function(banyan_set_up target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "EXCEPTIONS" "" "DEPS")
  if(arg_EXCEPTIONS)
    target_link_libraries(${target} PRIVATE banyan_flags)
  else()
    target_link_libraries(${target} PRIVATE banyan_core_flags)
  endif()
  foreach(dep IN LISTS arg_DEPS)
    if(NOT dep MATCHES "::|^banyan_")
      set(dep banyan_${dep})
    endif()
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      target_link_libraries(${target} PRIVATE ${dep})
    else()
      target_link_libraries(${target} PUBLIC ${dep})
    endif()
  endforeach()
endfunction()

# With sanitizers, or for WebAssembly, a compiler works on what headers bring in two to four
# times as long as on what a file says: such builds compile the files of a folder together, in
# batches. The release compiles each alone, so that none leans on what its neighbour includes.
function(banyan_batch target)
  if(BANYAN_SANITIZERS OR EMSCRIPTEN)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 10)
    # A batch would not wait for a source that is still to be made.
    get_target_property(sources ${target} SOURCES)
    list(FILTER sources INCLUDE REGEX "^${CMAKE_BINARY_DIR}/")
    set_source_files_properties(${sources} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    # GCC takes a source that another one includes for a header.
    target_compile_options(${target} PRIVATE
      $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

function(banyan_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "EXCEPTIONS" "" "DEPS;SOURCES")
  file(GLOB sources CONFIGURE_DEPENDS *.cpp ${BANYAN_PLATFORM}/*.cpp)
  list(APPEND sources ${arg_SOURCES})
  if(NOT sources)  # headers only, at least on this platform
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
  endif()
  add_library(banyan_${name} STATIC ${sources})
  banyan_batch(banyan_${name})
  set(exceptions "")
  if(arg_EXCEPTIONS)
    set(exceptions EXCEPTIONS)
  endif()
  banyan_set_up(banyan_${name} ${exceptions} DEPS ${arg_DEPS})
endfunction()

function(banyan_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "EXCEPTIONS" "" "DEPS;SOURCES")
  file(GLOB sources CONFIGURE_DEPENDS *.cpp ${BANYAN_PLATFORM}/*.cpp)
  if(arg_SOURCES)
    set(sources ${arg_SOURCES})
  endif()
  if(NOT sources)
    message(WARNING "${name}: no sources yet, left out")
    return()
  endif()
  add_executable(${name} ${sources})
  set(exceptions "")
  if(arg_EXCEPTIONS)
    set(exceptions EXCEPTIONS)
  endif()
  banyan_set_up(${name} ${exceptions} DEPS ${arg_DEPS})
  if(name MATCHES "^bench-")
    add_dependencies(benches ${name})
  endif()
  if(EMSCRIPTEN)
    banyan_node_program(${name})
  endif()
endfunction()
add_custom_target(benches)
add_custom_target(fuzzers)

# Makes a program that node runs, with the machine's file system.
function(banyan_node_program name)
  target_link_options(${name} PRIVATE -sENVIRONMENT=node -sNODERAWFS=1 -sEXIT_RUNTIME=1
    -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=64MB ${BANYAN_STACK_OPTION}
    --pre-js ${CMAKE_SOURCE_DIR}/cmake/node_program.js
    --profiling-funcs  # a trap names the function it happened in
    -O1)  # what the app gains from a second optimiser is not what is tested here
endfunction()

# doctest's main(), without exceptions for the core and with them for the server.
function(banyan_test_mains)
  add_library(banyan_test_main OBJECT ${CMAKE_SOURCE_DIR}/tests/unit/main.cpp)
  target_link_libraries(banyan_test_main PUBLIC banyan_core_flags banyan_doctest_core)
  add_library(banyan_server_test_main OBJECT EXCLUDE_FROM_ALL
    ${CMAKE_SOURCE_DIR}/tests/unit/main.cpp)
  target_link_libraries(banyan_server_test_main PUBLIC banyan_flags banyan::doctest)
  # doctest itself is not what we test.
  foreach(main IN ITEMS banyan_test_main banyan_server_test_main)
    target_compile_options(${main} PRIVATE -O0)
    if(BANYAN_SANITIZERS)
      target_compile_options(${main} PRIVATE -fno-sanitize=all)
    endif()
  endforeach()
endfunction()
add_library(banyan_doctest_core INTERFACE)
target_link_libraries(banyan_doctest_core INTERFACE banyan::doctest)
target_compile_definitions(banyan_doctest_core INTERFACE
  DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS)
banyan_test_mains()

function(banyan_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "EXCEPTIONS" "" "DEPS")
  set(unit ${CMAKE_SOURCE_DIR}/tests/unit)
  file(RELATIVE_PATH folder ${unit} ${CMAKE_CURRENT_SOURCE_DIR})
  if(folder MATCHES "^\\.\\.")
    file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS
    ${unit}/${folder}/*.cpp ${unit}/${folder}/${BANYAN_PLATFORM}/*.cpp)
  if(NOT sources)
    return()
  endif()
  set(module "")
  if(TARGET banyan_${name})
    set(module banyan_${name})
  endif()
  set(objects banyan_tests_${name})
  add_library(${objects} OBJECT EXCLUDE_FROM_ALL ${sources})
  banyan_batch(${objects})
  add_executable(test-${name} EXCLUDE_FROM_ALL)
  if(arg_EXCEPTIONS)
    banyan_set_up(${objects} EXCEPTIONS DEPS ${module} banyan::doctest ${arg_DEPS})
    target_link_libraries(test-${name} PRIVATE banyan_server_test_main ${objects} banyan_flags)
    set_property(GLOBAL APPEND PROPERTY banyan_server_test_objects ${objects})
  else()
    banyan_set_up(${objects} DEPS ${module} banyan_doctest_core ${arg_DEPS})
    target_link_libraries(test-${name} PRIVATE banyan_test_main ${objects} banyan_core_flags)
    set_property(GLOBAL APPEND PROPERTY banyan_core_test_objects ${objects})
  endif()
  target_compile_definitions(${objects} PRIVATE BANYAN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # doctest's macros convert and shadow in ways we would not.
  target_compile_options(${objects} PRIVATE -Wno-conversion -Wno-sign-conversion -Wno-shadow
    $<$<CXX_COMPILER_ID:Clang>:-Wno-shorten-64-to-32>)
  if(EMSCRIPTEN)
    banyan_node_program(test-${name})
  endif()
endfunction()

# Called last: the tests of every module in one program.
function(banyan_all_tests)
  get_property(objects GLOBAL PROPERTY banyan_core_test_objects)
  add_executable(core-tests EXCLUDE_FROM_ALL)
  target_link_libraries(core-tests PRIVATE banyan_test_main ${objects} banyan_core_flags)
  if(EMSCRIPTEN)
    banyan_node_program(core-tests)
    return()
  endif()
  get_property(objects GLOBAL PROPERTY banyan_server_test_objects)
  add_executable(server-tests EXCLUDE_FROM_ALL)
  target_link_libraries(server-tests PRIVATE banyan_server_test_main ${objects} banyan_flags)
endfunction()

function(banyan_fuzzer name source)
  cmake_parse_arguments(PARSE_ARGV 2 arg "EXCEPTIONS" "" "DEPS;SOURCES")
  add_executable(fuzz-${name} EXCLUDE_FROM_ALL ${source} ${arg_SOURCES})
  set(exceptions "")
  if(arg_EXCEPTIONS)
    set(exceptions EXCEPTIONS)
  endif()
  banyan_set_up(fuzz-${name} ${exceptions} DEPS ${arg_DEPS})
  target_link_options(fuzz-${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers fuzz-${name})
endfunction()

# What a person's browser is sent: files for build/web, laid there by ./run.
function(banyan_web_files)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "FOLDER" "FILES")
  install(FILES ${arg_FILES} DESTINATION ./${arg_FOLDER} COMPONENT web)
endfunction()
