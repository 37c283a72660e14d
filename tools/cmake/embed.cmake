# Gather what is built into the daemon (embed.c). As a module it declares the two lists and
# what they depend on; as a script (cmake -P) it makes the list of static parts: each file
# gets its content's hash into its name, names inside later files follow, and what
# compresses gets a gzip -9 copy beside it.
if(NOT CMAKE_SCRIPT_MODE_FILE)
	set(modules ${CMAKE_SOURCE_DIR}/node_modules)
	set(design ${modules}/@scottish-government/design-system/dist)
	set(roboto ${modules}/@fontsource/roboto/files)
	set(leaflet ${modules}/leaflet/dist)
	set(own ${CMAKE_SOURCE_DIR}/daemon/static)
	# name|source, in the order of who names whom
	set(static_parts
		roboto-400.woff2|${roboto}/roboto-latin-400-normal.woff2
		roboto-700.woff2|${roboto}/roboto-latin-700-normal.woff2
		design-system.css|${design}/css/design-system.min.css
		icon.svg|${own}/icon.svg
		assetd.css|${own}/assetd.css
		init.js|${own}/init.js
		leaflet.css|${leaflet}/leaflet.css
		leaflet.js|${leaflet}/leaflet.js
		council_areas.json|${own}/council_areas.json
		map.js|${own}/map.js)
	set(guide ${CMAKE_SOURCE_DIR}/daemon/guide)
	file(GLOB pictures CONFIGURE_DEPENDS RELATIVE ${guide} ${guide}/*.png)
	foreach(picture ${pictures})
		list(APPEND static_parts ${picture}|${guide}/${picture})
	endforeach()
	set(static_sources)
	foreach(row ${static_parts})
		string(REGEX REPLACE "^[^|]*[|]" "" source ${row})
		if(NOT EXISTS ${source})
			message(FATAL_ERROR "${source} is missing: run tools/deps build, "
				"which installs the npm packages of package-lock.json.")
		endif()
		list(APPEND static_sources ${source})
	endforeach()

	set(EMBED_STATIC ${CMAKE_BINARY_DIR}/generated/embed_static.inc)
	add_custom_command(OUTPUT ${EMBED_STATIC}
		COMMAND ${CMAKE_COMMAND} "-DPARTS=${static_parts}" -DLIST=${EMBED_STATIC}
			-DOUT=${CMAKE_BINARY_DIR}/static -P ${CMAKE_CURRENT_LIST_FILE}
		DEPENDS ${static_sources} ${CMAKE_CURRENT_LIST_FILE}
		COMMENT "Gathering the static parts" VERBATIM)

	# Texts that are built in as they are: EMBED_PAGE(id, name, path) a line
	function(embed_texts list)
		set(rows "")
		set(id 0)
		foreach(text ${ARGN})
			get_filename_component(name ${text} NAME_WLE)
			string(APPEND rows "EMBED_PAGE(${id}, \"${name}\", \"${text}\")\n")
			math(EXPR id "${id} + 1")
		endforeach()
		file(GENERATE OUTPUT ${list} CONTENT "${rows}")
	endfunction()

	set(EMBED_PAGE ${CMAKE_BINARY_DIR}/generated/embed_page.inc)
	file(GLOB EMBED_PAGE_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/daemon/pages/*.mustache)
	embed_texts(${EMBED_PAGE} ${EMBED_PAGE_SOURCES})
	set(EMBED_GUIDE ${CMAKE_BINARY_DIR}/generated/embed_guide.inc)
	file(GLOB EMBED_GUIDE_SOURCES CONFIGURE_DEPENDS ${guide}/*.md)
	list(REMOVE_ITEM EMBED_GUIDE_SOURCES ${guide}/README.md)
	embed_texts(${EMBED_GUIDE} ${EMBED_GUIDE_SOURCES})

	set(EMBED_CATALOGUE ${CMAKE_SOURCE_DIR}/daemon/language/gd.po)
	return()
endif()

set(type_woff2 "font/woff2")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_json "application/json")
set(type_png "image/png")
file(REMOVE_RECURSE ${OUT})
file(MAKE_DIRECTORY ${OUT})
file(WRITE ${OUT}/none "")
set(rows "")
set(id 0)
foreach(part ${PARTS})
	string(REGEX MATCH "^([^|]*)[|](.*)$" part ${part})
	set(name ${CMAKE_MATCH_1})
	set(made ${OUT}/${name})
	file(COPY_FILE ${CMAKE_MATCH_2} ${made})
	string(REGEX MATCH "^(.*)[.]([a-z0-9]+)$" ends ${name})
	set(stem ${CMAKE_MATCH_1})
	set(end ${CMAKE_MATCH_2})
	set(sed)
	foreach(later ${hashed})
		string(REPLACE "=" ";" pair ${later})
		list(GET pair 0 from)
		list(GET pair 1 to)
		list(APPEND sed -e "s|\\([/\"']\\)${from}|\\1${to}|g")
	endforeach()
	if(hashed AND end MATCHES "css|js")
		execute_process(COMMAND sed -i ${sed} ${made} COMMAND_ERROR_IS_FATAL ANY)
	endif()
	file(SHA256 ${made} hash)
	string(SUBSTRING ${hash} 0 12 hash)
	set(file ${stem}.${hash}.${end})
	file(RENAME ${made} ${OUT}/${file})
	list(APPEND hashed ${name}=${file})
	set(gzip ${OUT}/none)
	if(NOT end MATCHES "woff2|png")
		execute_process(COMMAND gzip -9 -n -k ${OUT}/${file} COMMAND_ERROR_IS_FATAL ANY)
		set(gzip ${OUT}/${file}.gz)
	endif()
	string(APPEND rows "EMBED_STATIC(${id}, \"${name}\", \"${file}\", \"${type_${end}}\", "
		"\"${hash}\", \"${OUT}/${file}\", \"${gzip}\")\n")
	math(EXPR id "${id} + 1")
endforeach()
file(WRITE ${LIST} "${rows}")
