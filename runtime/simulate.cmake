# The simulated Realtime service: a state machine without sockets, and the server around it.
pkg_check_modules(ESPEAK REQUIRED IMPORTED_TARGET espeak-ng)
# Debian's sphinxbase.pc names a folder that is not there, which an imported target refuses.
pkg_check_modules(SPHINX REQUIRED pocketsphinx)
pkg_get_variable(SPHINX_MODELS pocketsphinx modeldir)
find_path(SPHINX_HEADERS pocketsphinx.h PATH_SUFFIXES pocketsphinx REQUIRED)
flow_library(flow_simulate runtime/simulate
             LINK flow_base flow_ir flow_core flow_json flow_audio flow_audio_processing flow_wire flow_wire_openai flow_net PkgConfig::ESPEAK
                  flite_cmu_us_slt flite_cmu_us_rms flite_usenglish flite_cmulex flite m pocketsphinx sphinxbase fmt::fmt)
target_compile_definitions(flow_simulate PRIVATE FLOW_SPEECH_MODEL="${SPHINX_MODELS}/en-us")
target_include_directories(flow_simulate SYSTEM PRIVATE ${SPHINX_HEADERS})
