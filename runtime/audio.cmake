pkg_check_modules(SPEEXDSP REQUIRED IMPORTED_TARGET speexdsp)

# The archive, for the few objects of it that are needed: the shared library would bring readers of images along.
find_library(SPANDSP libspandsp.a REQUIRED)

flow_library(flow_audio runtime/audio LINK flow_core flow_base fmt::fmt PkgConfig::SPEEXDSP)
target_link_libraries(flow_audio PRIVATE ${SPANDSP})
