# Language, warnings, sanitizers and ccache, as INTERFACE targets that every target links.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

option(SLICETOOL_WERROR "Treat warnings as errors" OFF)
option(SLICETOOL_COVERAGE "Count which lines and branches run, for gcov" OFF)
set(SLICETOOL_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, for example address,undefined")
option(SLICETOOL_FUZZ "Build the libFuzzer targets instead of the tests; needs clang" OFF)

option(SLICETOOL_STAGE_HOOK "Let tests end or stop the program at named stages (src/base/stage.hpp)" OFF)

add_library(slicetool_settings INTERFACE)
target_compile_features(slicetool_settings INTERFACE cxx_std_20)
target_compile_options(
  # g++ 12 warns wrongly of overlaps inside std::string (GCC bug 105651): -Wno-restrict.
  slicetool_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wconversion
                               $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                               $<$<BOOL:${SLICETOOL_WERROR}>:-Werror>)
# Includes start at src/: "db/session.hpp".
target_include_directories(slicetool_settings INTERFACE ${PROJECT_SOURCE_DIR}/src)
# The distribution's fmt, not a copy bundled with spdlog.
target_compile_definitions(slicetool_settings INTERFACE SPDLOG_FMT_EXTERNAL)

if(SLICETOOL_STAGE_HOOK)
  target_compile_definitions(slicetool_settings INTERFACE SLICETOOL_STAGE_HOOK)
endif()

if(SLICETOOL_SANITIZE)
  target_compile_options(slicetool_settings INTERFACE -fsanitize=${SLICETOOL_SANITIZE}
                                                      -fno-omit-frame-pointer
                                                      -fno-sanitize-recover=all)
  target_link_options(slicetool_settings INTERFACE -fsanitize=${SLICETOOL_SANITIZE})
endif()

if(SLICETOOL_COVERAGE)
  target_compile_options(slicetool_settings INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(slicetool_settings INTERFACE --coverage)
endif()

set(CMAKE_CXX_EXTENSIONS OFF)

# Shortens a build from scratch by two fifths. Not the default: it hides a missing include, and ccache does not go with
# it.
option(SLICETOOL_PRECOMPILE "Precompile the headers that most files include" OFF)

set(precompiled_by_layers <algorithm> <chrono> <functional> <map> <memory> <mutex> <optional> <string> <thread>
                          <unordered_map> <vector> <fmt/format.h>)
set(precompiled_by_tests <filesystem> <fstream> <regex> <gmock/gmock.h> <gtest/gtest.h>)

# slicetool_precompile(TARGET layers|tests): all targets of a kind share what the first one has precompiled.
function(slicetool_precompile target kind)
  if(NOT SLICETOOL_PRECOMPILE)
    return()
  endif()
  get_property(first GLOBAL PROPERTY slicetool_precompiled_${kind})
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
    return()
  endif()
  set_property(GLOBAL PROPERTY slicetool_precompiled_${kind} ${target})
  set(headers ${precompiled_by_layers})
  if(kind STREQUAL tests)
    list(APPEND headers ${precompiled_by_tests})
  endif()
  target_precompile_headers(${target} PRIVATE ${headers})
endfunction()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
