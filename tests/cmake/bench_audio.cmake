flow_bench(audio_bench audio_bench.cpp LINK flow_channels flow_audio)
