# Same bits everywhere: no contraction, no fast-math. Warnings are errors under gcc and clang alike.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
# Assertions stay on in release builds: ASSERT never looks at NDEBUG, and NDEBUG is not set for libraries that would.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g3")

# Position independent for plug-ins and PIE, but nobody puts other functions in place of ours: calls within a file stay calls of that file.
add_compile_options(-ffp-contract=off -fno-strict-aliasing -fno-semantic-interposition
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wvla -Wswitch-enum -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Werror)
add_compile_definitions(_POSIX_C_SOURCE=200809L _DEFAULT_SOURCE PATRIOT_VERSION="${PROJECT_VERSION}")
if(PATRIOT_SANITIZE)
    add_compile_options(-fsanitize=${PATRIOT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${PATRIOT_SANITIZE})
endif()
if(PATRIOT_COVERAGE)
    add_compile_options(--coverage -O0)
    add_link_options(--coverage)
endif()

find_package(PkgConfig REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(UV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(SSL REQUIRED IMPORTED_TARGET openssl)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(CURSES REQUIRED IMPORTED_TARGET ncursesw)
