# What the pages say from C: titles, the steps of the way to a page, labels and hints of forms. For the list of
# what is to be translated (daemon/language), which names the page beside each; and sentences, such as what is
# wrong with a form; and the kinds of land and buildings and the lines of a
# report, which are data. As a module it declares the list; as a script (cmake -P) it gathers it from the sources: of
# pages the texts in calls of page_begin (and what ends so), page_crumb and page_title, after .label, .hint, .title, .none and
# .in_all, and what a form is refused with, before its status; of all that answers forms what begins with a capital and ends with a full stop.
if(NOT CMAKE_SCRIPT_MODE_FILE)
	set(SAID ${CMAKE_BINARY_DIR}/generated/said.inc)
	file(GLOB said_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/daemon/page/p_*.c ${CMAKE_SOURCE_DIR}/daemon/page/filter_words.c)
	foreach(room document flow forecast import notify page register request)
		list(APPEND said_rooms ${CMAKE_SOURCE_DIR}/daemon/${room}/*.c)
	endforeach()
	file(GLOB said_sentences CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/libassets/*/*.c ${said_rooms})
	set(said_kinds ${CMAKE_SOURCE_DIR}/sql/data/asset_class.csv)
	set(said_lines ${CMAKE_SOURCE_DIR}/sql/data/report_line.csv)
	add_custom_command(OUTPUT ${SAID}
		COMMAND ${CMAKE_COMMAND} "-DSOURCES=${said_sources}" "-DSENTENCES=${said_sentences}"
			-DKINDS=${said_kinds} -DLINES=${said_lines} -DLIST=${SAID}
			-P ${CMAKE_CURRENT_LIST_FILE}
		DEPENDS ${said_sources} ${said_sentences} ${said_kinds} ${said_lines} ${CMAKE_CURRENT_LIST_FILE}
		COMMENT "Gathering what pages say from C" VERBATIM)
	return()
endif()

# Signs that CMake's lists would take for their own, and what stands for them meanwhile.
string(ASCII 1 semicolon)
string(ASCII 2 open)
string(ASCII 3 close)
string(ASCII 4 backslash)
string(ASCII 5 quote)
set(text "\"[^\"]*\"([ \t\n]*\"[^\"]*\")*")
set(rows "")

# The content of a source, fit for lists.
macro(read_source source)
	file(READ ${source} content)
	string(REPLACE "\\" "${backslash}" content "${content}")
	string(REPLACE "${backslash}\"" "${quote}" content "${content}")
	string(REPLACE "[" "${open}" content "${content}")
	string(REPLACE "]" "${close}" content "${content}")
	string(REPLACE ";" "${semicolon}" content "${content}")
endmacro()

# Those texts of a part that people may read: no address, no format, no code.
macro(take_texts name part beginning ending)
	string(REGEX MATCHALL "${text}" texts "${part}")
	foreach(one ${texts})
		string(REGEX REPLACE "\"[ \t\n]+\"" "" one "${one}")
		if(one MATCHES "^\"${beginning}.*${ending}\"$" AND NOT one MATCHES "%|${backslash}")
			string(APPEND rows "SAID(\"${name}\", ${one})\n")
		endif()
	endforeach()
endmacro()

foreach(source ${SOURCES})
	get_filename_component(name ${source} NAME_WE)
	string(REGEX REPLACE "^p_|_words$" "" name ${name})
	read_source(${source})
	string(REGEX MATCHALL "(begin|page_crumb|page_title)\\([^${semicolon}]*${semicolon}" calls "${content}")
	foreach(call ${calls})
		take_texts("${name}" "${call}" "([A-Z]|{{)" "")
	endforeach()
	string(REGEX MATCHALL "${text},[ \t\n]*4[0-9][0-9]\\)|#define WRONG ${text}" refusals "${content}")
	foreach(refusal ${refusals})
		take_texts("${name}" "${refusal}" "[A-Z]" "")
	endforeach()
	string(REGEX MATCHALL "[.](label|hint|title|none|in_all) = ${text}" members "${content}")
	foreach(member ${members})
		take_texts("${name}" "${member}" "[^/#\"]" "")
	endforeach()
endforeach()
foreach(source ${SENTENCES})
	read_source(${source})
	take_texts(sentences "${content}" "[A-Z]" "[.]")
endforeach()
file(STRINGS ${KINDS} kinds REGEX "^[A-Z]")
foreach(kind ${kinds})
	string(REGEX REPLACE "^[^,]*,[^,]*,(.*)$" "SAID(\"kinds of land and buildings\", \"\\1\")\n" row "${kind}")
	string(APPEND rows "${row}")
endforeach()
# The last two columns, behind one letter; what has a comma in it is quoted.
set(column "(\"[^\"]*\"|[^,\"]*)")
file(STRINGS ${LINES} lines REGEX "^[A-Z]")
foreach(line ${lines})
	string(REGEX REPLACE "^.*,[A-Z],${column},${column}$" "\"\\1\"\n\"\\2\"\n" row "${line}")
	string(REPLACE "\"\"" "\"" row "${row}")
	string(REGEX REPLACE "(\"[^\"]*\")\n" "SAID(\"report\", \\1)\n" row "${row}")
	string(APPEND rows "${row}")
endforeach()
string(REPLACE "${quote}" "\\\"" rows "${rows}")
string(REPLACE "${semicolon}" ";" rows "${rows}")
string(REPLACE "${open}" "[" rows "${rows}")
string(REPLACE "${close}" "]" rows "${rows}")
file(WRITE ${LIST} "${rows}")
