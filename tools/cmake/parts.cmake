# Libraries we stand on, each found once. Reasons: DECISIONS.md 2.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson>=2.13)
pkg_check_modules(CRYPTO REQUIRED IMPORTED_TARGET libcrypto>=3.0)
pkg_check_modules(SSL REQUIRED IMPORTED_TARGET libssl>=3.0)
pkg_check_modules(LIBEVENT REQUIRED IMPORTED_TARGET libevent>=2.1.12 libevent_pthreads)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq>=15)
pkg_check_modules(LIBCURL REQUIRED IMPORTED_TARGET libcurl>=7.88)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(INIH REQUIRED IMPORTED_TARGET inih)
pkg_check_modules(CMARK REQUIRED IMPORTED_TARGET libcmark>=0.30)
pkg_check_modules(SYSTEMD IMPORTED_TARGET libsystemd)
pkg_check_modules(CRITERION IMPORTED_TARGET criterion)
find_library(LIBCSV csv REQUIRED)
find_path(LLHTTP_SOURCE llhttp.c PATHS /usr/share/llhttp NO_DEFAULT_PATH)

# llhttp: Debian 12 has version 8 as C sources, later ones a library of version 9. Version 8 is
# strict only when told so, it and whoever includes its header; its default lets a space into a
# field name. Version 9 knows nothing but strict until asked for leniency, which we never do.
if(LLHTTP_SOURCE)
	add_library(llhttp STATIC
		${LLHTTP_SOURCE}/api.c ${LLHTTP_SOURCE}/http.c ${LLHTTP_SOURCE}/llhttp.c)
	target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)
	target_include_directories(llhttp SYSTEM PUBLIC /usr/share/include/llhttp)
else()
	pkg_check_modules(LLHTTP REQUIRED IMPORTED_TARGET libllhttp>=9.2)
	add_library(llhttp INTERFACE)
	target_link_libraries(llhttp INTERFACE PkgConfig::LLHTTP)
endif()
