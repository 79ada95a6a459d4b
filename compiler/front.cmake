# The front of the compiler: source text to a checked tree.
include(${PROJECT_SOURCE_DIR}/cmake/FlowEmbed.cmake)

flow_library(flow_ast compiler/ast LINK flow_base)

flow_library(flow_diag compiler/diag LINK flow_ir flow_base fmt::fmt)
flow_embed(catalog flow::diag catalog_pages compiler/diag/catalog *.md)
target_sources(flow_diag PRIVATE ${catalog})

# The grammar's C++ is made by ANTLR 4.7.2 and runs on the 4.9 runtime. It is not our code: its own library with its own
# flags (it holds u8"" literals of the time before char8_t), and its headers are system headers to those who use it.
find_package(antlr4-runtime REQUIRED)
find_program(ANTLR antlr4 REQUIRED)
set(grammar_out ${CMAKE_CURRENT_BINARY_DIR}/grammar)
set(grammar_files FlowLexer.cpp FlowLexer.h FlowParser.cpp FlowParser.h)
list(TRANSFORM grammar_files PREPEND ${grammar_out}/)
add_custom_command(
  OUTPUT ${grammar_files}
  COMMAND ${ANTLR} -Dlanguage=Cpp -Werror -no-listener -no-visitor -package flow_grammar -o ${grammar_out} FlowLexer.g4 FlowParser.g4
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/grammar
  DEPENDS ${PROJECT_SOURCE_DIR}/grammar/FlowLexer.g4 ${PROJECT_SOURCE_DIR}/grammar/FlowParser.g4
  COMMENT "Making the parser from the grammar"
  VERBATIM)
add_library(flow_grammar STATIC ${grammar_files})
target_include_directories(flow_grammar SYSTEM PUBLIC ${grammar_out} ${ANTLR4_INCLUDE_DIR})
target_compile_options(flow_grammar PRIVATE -w -fno-char8_t)
target_compile_features(flow_grammar PRIVATE cxx_std_20)
target_link_libraries(flow_grammar PUBLIC antlr4_static Threads::Threads)

flow_library(flow_parse compiler/parse LINK flow_ast flow_diag flow_base fmt::fmt)
target_link_libraries(flow_parse PRIVATE flow_grammar)

flow_library(flow_check compiler/check LINK flow_parse flow_ast flow_diag flow_base fmt::fmt)
flow_embed(stdlib flow::check stdlib_files stdlib *)
target_sources(flow_check PRIVATE ${stdlib})

# The file as it is written: laid out anew.
flow_library(flow_format compiler/format LINK flow_check flow_parse flow_ast flow_diag flow_base)
