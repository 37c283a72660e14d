# Compiler flags, as three interface targets: every part of ours links `ours`,
# the pure library also `ours_strict`; code that is not ours links neither.
add_library(ours INTERFACE)
target_compile_options(ours INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2
	-Wundef -Wvla -Wwrite-strings -Wcast-qual -Wpointer-arith -Wredundant-decls
	-Wnull-dereference -Wimplicit-fallthrough
	-include ${CMAKE_SOURCE_DIR}/libassets/base/banned.h)
if(ASSETD_WERROR)
	target_compile_options(ours INTERFACE -Werror)
endif()
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
	target_compile_options(ours INTERFACE -Wduplicated-cond -Wlogical-op)
	if(ASSETD_ANALYZE)
		# Its leak check loses a pointer stored through a table's offset, and takes iconv_open's
		# -1 for memory; the leak sanitizer watches the running program instead.
		target_compile_options(ours INTERFACE -fanalyzer -Wno-analyzer-malloc-leak)
	endif()
endif()
if(ASSETD_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
	# The sanitizers' own code hides the paths this warning follows; it speaks in Release.
	target_compile_options(ours INTERFACE -Wno-maybe-uninitialized)
endif()
if(ASSETD_FAULTS)
	target_compile_definitions(ours INTERFACE ASSETD_FAULTS=1)
endif()

add_library(ours_strict INTERFACE)
target_compile_options(ours_strict INTERFACE -Wconversion -Wsign-conversion)

# Asserts are for our own mistakes and stay on in production.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")

add_compile_options(-g -fno-omit-frame-pointer)
if(ASSETD_SANITIZE)
	add_compile_options(-fsanitize=${ASSETD_SANITIZE} -fno-sanitize-recover=all -O1)
	add_link_options(-fsanitize=${ASSETD_SANITIZE})
	# A hundred and fifty programs of tests: a third of ld's time. What is released is linked by the system's own.
	find_program(LLD ld.lld)
	if(LLD)
		add_link_options(-fuse-ld=lld)
	endif()
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
	# Hardening; -ftrivial-auto-var-init is gcc's alone here.
	add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
		-fstack-clash-protection)
	if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
		add_compile_options(-fcf-protection)
	endif()
	if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
		add_compile_options(-ftrivial-auto-var-init=zero)
	endif()
	add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
	set(CMAKE_EXE_LINKER_FLAGS "${CMAKE_EXE_LINKER_FLAGS} -pie")
endif()
if(ASSETD_COVERAGE)
	add_compile_options(--coverage)
	add_link_options(--coverage)
endif()
if(ASSETD_FUZZ)
	add_compile_options(-fsanitize=fuzzer-no-link)
endif()
