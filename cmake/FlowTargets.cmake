# One library a folder, one test program a mirrored folder. The arrows between libraries are the LINK lists below them;
# tests/tidy/layers.txt says which are allowed and a test compares.

add_library(flow_options INTERFACE)
target_compile_features(flow_options INTERFACE cxx_std_20)
target_include_directories(flow_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(flow_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough -Wno-missing-field-initializers -Werror)
# Once it optimises, g++ 12 sees overlapping copies inside its own std::string (gcc bug 105651), and takes the
# alternatives that a variant does not hold for uninitialized ones.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(flow_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
# A debug link of everything takes the default linker seconds and most of a gigabyte.
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
if(FLOW_SANITIZE)
  add_compile_options(-fsanitize=${FLOW_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FLOW_SANITIZE})
endif()

# flow_library(NAME FOLDER [LINK targets…]): all *.cpp of FOLDER, not of its subfolders.
function(flow_library name folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC flow_options ${ARG_LINK})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE flow_options ${ARG_LINK})
  endif()
  set_property(GLOBAL PROPERTY FLOW_FOLDER_${name} ${folder})
  set_property(GLOBAL PROPERTY FLOW_LINKS_${name} ${ARG_LINK})
  set_property(GLOBAL APPEND PROPERTY FLOW_LIBRARIES ${name})
endfunction()

# flow_test(NAME FOLDER [LINK targets…]): all *_test.cpp of tests/FOLDER as one Catch2 program, each case a ctest test.
function(flow_test name folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*_test.cpp)
  if(NOT sources OR NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE flow_options ${ARG_LINK} flow_test_places Catch2::Catch2WithMain)
  catch_discover_tests(${name} TEST_PREFIX "${name}: " DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
  set_property(GLOBAL APPEND PROPERTY FLOW_TEST_PROGRAMS ${name})
endfunction()

# Writes test_programs.txt, a name a line, for scripts/sanitize.sh.
function(flow_write_test_programs)
  get_property(programs GLOBAL PROPERTY FLOW_TEST_PROGRAMS)
  list(JOIN programs "\n" text)
  file(WRITE ${PROJECT_BINARY_DIR}/test_programs.txt "${text}\n")
endfunction()

# flow_bench(NAME SOURCE [LINK targets…]): one measuring program, tests/bench/SOURCE, built by `make bench` alone. It prints
# rows `name | ours | reference | ratio`; tests/bench/README.md says how to read and write them.
option(FLOW_BENCH "build the measuring programs too" OFF)
add_custom_target(bench_programs)
function(flow_bench name source)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  if(NOT FLOW_BENCH)
    return()
  endif()
  add_executable(${name} EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/bench/${source})
  target_link_libraries(${name} PRIVATE flow_options ${ARG_LINK} flow_test_places)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
  add_dependencies(bench_programs ${name})
endfunction()

# Writes links.txt, `folder: folders it links`, for the test that compares it with tests/tidy/layers.txt.
function(flow_write_links)
  get_property(libraries GLOBAL PROPERTY FLOW_LIBRARIES)
  set(text "")
  foreach(library IN LISTS libraries)
    get_property(folder GLOBAL PROPERTY FLOW_FOLDER_${library})
    get_property(links GLOBAL PROPERTY FLOW_LINKS_${library})
    string(APPEND text "${folder}:")
    foreach(link IN LISTS links)
      get_property(linked GLOBAL PROPERTY FLOW_FOLDER_${link})
      string(APPEND text " ${linked}")
    endforeach()
    string(APPEND text "\n")
  endforeach()
  file(WRITE ${PROJECT_BINARY_DIR}/links.txt "${text}")
endfunction()
