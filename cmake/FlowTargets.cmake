# One library a folder, one test program a mirrored folder. The arrows between libraries are the LINK lists below them;
# tests/tidy/layers.txt says which are allowed and a test compares.

add_library(flow_options INTERFACE)
target_compile_features(flow_options INTERFACE cxx_std_20)
target_include_directories(flow_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(flow_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough -Wno-missing-field-initializers -Werror)
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
endfunction()

# flow_test(NAME FOLDER [LINK targets…]): all *_test.cpp of tests/FOLDER as one Catch2 program, each case a ctest test.
function(flow_test name folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*_test.cpp)
  if(NOT sources OR NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE flow_options ${ARG_LINK} Catch2::Catch2WithMain)
  target_compile_definitions(${name} PRIVATE FLOW_SOURCE_DIR="${PROJECT_SOURCE_DIR}" FLOW_BINARY_DIR="${PROJECT_BINARY_DIR}")
  catch_discover_tests(${name} TEST_PREFIX "${name}: " DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
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
  target_link_libraries(${name} PRIVATE flow_options ${ARG_LINK})
  target_compile_definitions(${name} PRIVATE FLOW_SOURCE_DIR="${PROJECT_SOURCE_DIR}" FLOW_BINARY_DIR="${PROJECT_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
  add_dependencies(bench_programs ${name})
endfunction()
