# Imported targets for everything in third_party/versions that code links to.

if(EMSCRIPTEN)
  set(BANYAN_PLATFORM web)
else()
  set(BANYAN_PLATFORM native)
endif()

execute_process(
  COMMAND ${CMAKE_SOURCE_DIR}/third_party/prepare ${BANYAN_PLATFORM}
  OUTPUT_VARIABLE prepared
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "third_party/prepare ${BANYAN_PLATFORM} failed, see above")
endif()
string(REGEX MATCHALL "[^\n]+" prepared "${prepared}")
foreach(line IN LISTS prepared)
  string(REGEX MATCH "^([a-z_]+)=(.*)$" _ "${line}")
  set(third_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()
# A change of the list or of a recipe configures again.
file(GLOB recipe_files CONFIGURE_DEPENDS third_party/recipes/*.sh third_party/sqlite/*)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  third_party/versions third_party/lib.sh third_party/prepare ${recipe_files})

function(banyan_prebuilt name folder library)
  add_library(banyan_third_${name} STATIC IMPORTED GLOBAL)
  set_target_properties(banyan_third_${name} PROPERTIES IMPORTED_LOCATION ${folder}/lib/${library})
  target_include_directories(banyan_third_${name} SYSTEM INTERFACE ${folder}/include)
  add_library(banyan::${name} ALIAS banyan_third_${name})
endfunction()

banyan_prebuilt(sqlite ${third_sqlite} libbanyan_sqlite.a)
banyan_prebuilt(sodium ${third_sodium} libsodium.a)
target_compile_definitions(banyan_third_sodium INTERFACE SODIUM_STATIC)
banyan_prebuilt(zstd ${third_zstd} libbanyan_zstd.a)
banyan_prebuilt(qrencode ${third_qrencode} libbanyan_qrencode.a)
banyan_prebuilt(quirc ${third_quirc} libbanyan_quirc.a)
if(NOT EMSCRIPTEN)
  find_package(Threads REQUIRED)
  target_link_libraries(banyan_third_sqlite INTERFACE Threads::Threads m)
  # As upstream ships it, without our repairs: for the tests that show what those are for.
  banyan_prebuilt(sqlite_unrepaired ${third_sqlite_unrepaired} libbanyan_sqlite.a)
  target_link_libraries(banyan_third_sqlite_unrepaired INTERFACE Threads::Threads m)
endif()

add_library(banyan_third_json INTERFACE)
target_include_directories(banyan_third_json SYSTEM INTERFACE ${third_headers}/json)
target_compile_definitions(banyan_third_json INTERFACE JSON_DIAGNOSTICS=0)
add_library(banyan::json ALIAS banyan_third_json)

add_library(banyan_third_doctest INTERFACE)
target_include_directories(banyan_third_doctest SYSTEM INTERFACE ${third_headers}/doctest)
add_library(banyan::doctest ALIAS banyan_third_doctest)

# Dear ImGui is compiled here, because its configuration (client/imconfig.h) is ours.
add_library(banyan_third_imgui STATIC EXCLUDE_FROM_ALL
  ${third_imgui}/imgui.cpp ${third_imgui}/imgui_draw.cpp
  ${third_imgui}/imgui_tables.cpp ${third_imgui}/imgui_widgets.cpp)
if(EMSCRIPTEN)
  target_sources(banyan_third_imgui PRIVATE ${third_imgui}/backends/imgui_impl_opengl3.cpp)
  target_compile_definitions(banyan_third_imgui PUBLIC IMGUI_IMPL_OPENGL_ES3)
endif()
target_include_directories(banyan_third_imgui SYSTEM PUBLIC ${third_imgui} ${third_imgui}/backends)
target_compile_definitions(banyan_third_imgui PUBLIC IMGUI_ENABLE_TEST_ENGINE
  IMGUI_DISABLE_OBSOLETE_FUNCTIONS)
target_compile_options(banyan_third_imgui PRIVATE -w -fno-exceptions -fno-rtti ${BANYAN_SANITIZE})
if(BANYAN_SANITIZERS)
  # Our misuse of its memory is of interest, its arithmetic is not; compiles twice as fast.
  target_compile_options(banyan_third_imgui PRIVATE -fno-sanitize=undefined)
endif()
if(EXISTS ${CMAKE_SOURCE_DIR}/client/imconfig.h)
  target_include_directories(banyan_third_imgui PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(banyan_third_imgui PUBLIC IMGUI_USER_CONFIG="client/imconfig.h")
endif()
add_library(banyan::imgui ALIAS banyan_third_imgui)

# The server's: the machine's own packages, found when sync-server is built.
if(NOT EMSCRIPTEN)
  add_library(banyan_third_boost INTERFACE)
  add_library(banyan::boost ALIAS banyan_third_boost)
  target_compile_definitions(banyan_third_boost INTERFACE BOOST_ASIO_NO_DEPRECATED)
  target_link_libraries(banyan_third_boost INTERFACE Threads::Threads)
  find_package(OpenSSL QUIET)
  if(OpenSSL_FOUND)
    add_library(banyan::openssl ALIAS OpenSSL::SSL)
  endif()
  find_path(pq_include libpq-fe.h PATH_SUFFIXES postgresql pgsql)
  find_library(pq_library pq)
  if(pq_include AND pq_library)
    add_library(banyan_third_pq INTERFACE)
    target_include_directories(banyan_third_pq SYSTEM INTERFACE ${pq_include})
    target_link_libraries(banyan_third_pq INTERFACE ${pq_library})
    add_library(banyan::pq ALIAS banyan_third_pq)
  endif()
endif()
