# The simulated Realtime service: a state machine without sockets, and the server around it.
pkg_check_modules(ESPEAK REQUIRED IMPORTED_TARGET espeak-ng)
flow_library(flow_simulate runtime/simulate
             LINK flow_base flow_ir flow_core flow_json flow_audio flow_audio_processing flow_wire flow_wire_openai flow_net PkgConfig::ESPEAK
                  flite_cmu_us_slt flite_cmu_us_rms flite_usenglish flite_cmulex flite m fmt::fmt)
