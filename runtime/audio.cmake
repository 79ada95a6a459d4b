pkg_check_modules(SPEEXDSP REQUIRED IMPORTED_TARGET speexdsp)

flow_library(flow_audio runtime/audio LINK flow_core flow_base fmt::fmt PkgConfig::SPEEXDSP)
