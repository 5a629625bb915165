# `format`, `check-format` and `tidy`: over the files that git tracks or would track.

find_program(CLANG_FORMAT_PROGRAM clang-format)
find_program(CLANG_TIDY_PROGRAM clang-tidy)

set(list_sources git ls-files --cached --others --exclude-standard)

if(CLANG_FORMAT_PROGRAM)
  add_custom_target(
    format COMMAND ${list_sources} 'src/*.?pp' 'test/*.?pp' | xargs ${CLANG_FORMAT_PROGRAM} -i
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM COMMENT "Formatting")
  add_custom_target(
    check-format
    COMMAND ${list_sources} 'src/*.?pp' 'test/*.?pp' | xargs ${CLANG_FORMAT_PROGRAM} --dry-run -Werror
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM COMMENT "Checking the format")
endif()

if(CLANG_TIDY_PROGRAM)
  add_custom_target(
    tidy COMMAND ${list_sources} 'src/*.cpp' | xargs -P2 -n4 ${CLANG_TIDY_PROGRAM} --quiet -p ${CMAKE_BINARY_DIR}
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM COMMENT "Running clang-tidy")
endif()
