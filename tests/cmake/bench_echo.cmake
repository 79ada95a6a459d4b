pkg_check_modules(SPEEXDSP REQUIRED IMPORTED_TARGET speexdsp)
flow_bench(echo_bench echo_bench.cpp LINK flow_audio_processing flow_simulate PkgConfig::SPEEXDSP)
