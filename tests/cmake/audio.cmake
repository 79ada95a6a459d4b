flow_test(audio_tests runtime/audio LINK flow_audio)
