flow_test(channels_tests runtime/channels LINK flow_channels)
