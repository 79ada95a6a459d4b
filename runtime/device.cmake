pkg_check_modules(RTAUDIO REQUIRED IMPORTED_TARGET rtaudio)
pkg_check_modules(PULSE REQUIRED IMPORTED_TARGET libpulse)

flow_library(flow_device runtime/audio/device LINK flow_audio flow_net flow_core flow_base fmt::fmt PkgConfig::RTAUDIO PkgConfig::PULSE)
