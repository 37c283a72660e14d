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
