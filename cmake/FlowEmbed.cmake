# Files as a table of texts inside the program.
#
#   flow_embed(OUT_CPP NAMESPACE FUNCTION FOLDER PATTERN)
#
# gives a source file that defines `auto NAMESPACE::FUNCTION() -> std::span<const flow::EmbeddedFile>` with every file
# of FOLDER that matches PATTERN, named by its path below FOLDER. Written again when one of them changes, comes or goes.
function(flow_embed out namespace function folder pattern)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/${pattern})
  set(cpp ${CMAKE_CURRENT_BINARY_DIR}/embedded/${function}.cpp)
  string(SHA1 names "${files}")  # a file that is gone changes no other: the command does
  add_custom_command(
    OUTPUT ${cpp}
    COMMAND ${CMAKE_COMMAND} -DOUT=${cpp} -DNAMESPACE=${namespace} -DFUNCTION=${function}
            -DFOLDER=${PROJECT_SOURCE_DIR}/${folder} -DPATTERN=${pattern} -DNAMES=${names} -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding ${folder}"
    VERBATIM)
  set(${out} ${cpp} PARENT_SCOPE)
endfunction()
