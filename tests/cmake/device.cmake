flow_test(device_tests runtime/audio/device LINK flow_device)
