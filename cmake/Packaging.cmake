# `cmake --install` and the Debian package (`cpack` in the build folder).

# Installing and packing take what has been built; they need no tests.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

# Made by the program itself, so that they always know its options.
set(generated ${PROJECT_BINARY_DIR}/packaging)
file(MAKE_DIRECTORY ${generated})
find_program(GZIP_PROGRAM gzip REQUIRED)
add_custom_command(
  OUTPUT ${generated}/slicetool.1.gz ${generated}/slicetool ${generated}/_slicetool
  COMMAND slicetool generate man | ${GZIP_PROGRAM} -9n > ${generated}/slicetool.1.gz
  COMMAND slicetool generate bash > ${generated}/slicetool
  COMMAND slicetool generate zsh > ${generated}/_slicetool
  DEPENDS slicetool
  VERBATIM COMMENT "Generating the manual page and the completions")
add_custom_command(
  OUTPUT ${generated}/changelog.gz
  COMMAND ${GZIP_PROGRAM} -9nc ${PROJECT_SOURCE_DIR}/CHANGELOG.md > ${generated}/changelog.gz
  DEPENDS ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  VERBATIM COMMENT "Compressing the changelog")
add_custom_target(slicetool_packaging ALL DEPENDS ${generated}/slicetool.1.gz ${generated}/slicetool
                                                  ${generated}/_slicetool ${generated}/changelog.gz)

install(TARGETS slicetool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md cmake/copyright ${generated}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(DIRECTORY config/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/config PATTERN systemd EXCLUDE)
install(FILES ${generated}/slicetool.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${generated}/slicetool DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${generated}/_slicetool DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(DIRECTORY config/systemd/ DESTINATION lib/systemd/system)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "The slicetool authors <slicetool@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
    "slicetool compares fingerprints of key ranges on both servers, looks more
closely only where they differ, copies only the rows that differ, and proves
the result inside the transaction that wrote it. It needs no replication, and
nothing installed on the servers.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
                                                GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
