# Make the target all_verify_interface_header_sets compile each header of a part alone, so
# that none leans on what another file happened to include before it.
function(verify_headers target)
	file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/*.h)
	# banned.h is forced into every file and poisons names that system headers use later.
	list(FILTER headers EXCLUDE REGEX "/banned\\.h$")
	target_sources(${target} PUBLIC FILE_SET headers TYPE HEADERS
		BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${headers})
	set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()
