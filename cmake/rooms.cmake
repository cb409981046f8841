# A room is a folder under src/: a static library room_<path> of all its .c files (also in folders below it).
# DEPS are the rooms it may include; LIBS the packages it uses. The core gets no hardening calls, so that its undefined symbols stay countable.
function(patriot_room path)
    cmake_parse_arguments(ROOM "" "" "DEPS;LIBS" ${ARGN})
    string(REPLACE "/" "_" name ${path})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${path}/*.c)
    list(FILTER sources EXCLUDE REGEX "src/app/main\\.c$")
    if(NOT sources)
        set(sources ${CMAKE_SOURCE_DIR}/cmake/empty_room.c)
    endif()
    add_library(room_${name} STATIC ${sources})
    target_include_directories(room_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    if(path MATCHES "^core/")
        target_compile_options(room_${name} PRIVATE -fno-stack-protector -U_FORTIFY_SOURCE ${PATRIOT_VENUE_CORE_OPTIONS})
        set_property(GLOBAL APPEND PROPERTY patriot_core_rooms room_${name})
    else()
        target_compile_options(room_${name} PRIVATE -fstack-protector-strong $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
    endif()
    foreach(dep ${ROOM_DEPS})
        string(REPLACE "/" "_" dep_name ${dep})
        target_link_libraries(room_${name} PUBLIC room_${dep_name})
    endforeach()
    target_link_libraries(room_${name} PUBLIC ${ROOM_LIBS} m)
endfunction()

# proto/patriot.proto -> nanopb structs and tables.
function(patriot_proto_room)
    find_program(NANOPB_GENERATOR nanopb_generator.py REQUIRED)
    set(out ${CMAKE_BINARY_DIR}/proto)
    file(MAKE_DIRECTORY ${out})
    add_custom_command(
        OUTPUT ${out}/patriot.pb.c ${out}/patriot.pb.h
        COMMAND ${NANOPB_GENERATOR} -q -D ${out} -I ${CMAKE_SOURCE_DIR}/proto ${CMAKE_SOURCE_DIR}/proto/patriot.proto
        DEPENDS ${CMAKE_SOURCE_DIR}/proto/patriot.proto ${CMAKE_SOURCE_DIR}/proto/patriot.options
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/proto
        COMMENT "proto/patriot.proto")
    find_library(NANOPB_LIBRARY protobuf-nanopb REQUIRED)
    add_library(room_proto STATIC ${out}/patriot.pb.c)
    target_include_directories(room_proto SYSTEM PUBLIC ${out})
    target_compile_options(room_proto PRIVATE -w)
    target_link_libraries(room_proto PUBLIC ${NANOPB_LIBRARY})
endfunction()

# libpatriot_core.a: all core rooms in one archive; the purity test reads its undefined symbols.
function(patriot_merge_core)
    get_property(rooms GLOBAL PROPERTY patriot_core_rooms)
    set(objects "")
    foreach(room ${rooms})
        list(APPEND objects $<TARGET_OBJECTS:${room}>)
    endforeach()
    add_library(patriot_core STATIC ${objects})
    set_target_properties(patriot_core PROPERTIES LINKER_LANGUAGE C)
    add_dependencies(patriot_core ${rooms})
endfunction()
