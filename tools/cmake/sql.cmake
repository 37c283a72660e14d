# Typed C out of sql/queries: q.h and q.c beside what else is generated.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(SQL_GENERATED ${CMAKE_BINARY_DIR}/generated)
file(GLOB sql_queries CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sql/queries/*.sql)
add_custom_command(OUTPUT ${SQL_GENERATED}/q.c ${SQL_GENERATED}/q.h
	COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/sqlgen
		${CMAKE_SOURCE_DIR}/sql/queries ${SQL_GENERATED}
	COMMAND ${CMAKE_COMMAND} -E touch ${SQL_GENERATED}/q.c
	DEPENDS ${sql_queries} ${CMAKE_SOURCE_DIR}/tools/sqlgen
	COMMENT "Making typed C of the queries" VERBATIM)
set(SQL_SOURCES ${SQL_GENERATED}/q.c)
if(ASSETD_SANITIZE)
	# One long file in which nothing is worked out: half of what sanitizing it costs is optimising it.
	set_source_files_properties(${SQL_GENERATED}/q.c PROPERTIES COMPILE_OPTIONS -O0)
endif()

# What `assetd migrate` runs, as a list for the assembler (daemon/base/sql_files.c).
set(sql_rows "")
set(sql_id 0)
foreach(folder migrations functions views policies data)
	file(GLOB files CONFIGURE_DEPENDS
		${CMAKE_SOURCE_DIR}/sql/${folder}/*.sql ${CMAKE_SOURCE_DIR}/sql/${folder}/*.csv)
	list(SORT files)
	set(sql_numbers "")
	foreach(file ${files})
		get_filename_component(name ${file} NAME)
		string(APPEND sql_rows "SQL_FILE(${sql_id}, \"${folder}\", \"${name}\", \"${file}\")\n")
		math(EXPR sql_id "${sql_id} + 1")
		list(APPEND SQL_FILES ${file})
		# A migration is remembered by its number: of two with one, the second is refused.
		string(SUBSTRING ${name} 0 4 number)
		if(folder STREQUAL "migrations" AND number IN_LIST sql_numbers)
			message(FATAL_ERROR "sql/migrations: there are two files of number ${number}; "
				"give ${name} the next number that is free.")
		endif()
		list(APPEND sql_numbers ${number})
	endforeach()
endforeach()
file(GENERATE OUTPUT ${SQL_GENERATED}/sql_files.inc CONTENT "${sql_rows}")
set_source_files_properties(${CMAKE_SOURCE_DIR}/daemon/base/sql_files.c PROPERTIES
	OBJECT_DEPENDS "${SQL_GENERATED}/sql_files.inc;${SQL_FILES}")
