# What cleans and judges a microphone. The only code that sees WebRTC's audio processing module.
pkg_check_modules(WEBRTC_AUDIO REQUIRED IMPORTED_TARGET webrtc-audio-processing)

flow_library(flow_audio_processing runtime/audio/processing LINK flow_audio flow_core flow_base fmt::fmt)
target_link_libraries(flow_audio_processing PRIVATE PkgConfig::WEBRTC_AUDIO)
