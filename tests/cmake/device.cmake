add_library(flow_test_pulse STATIC support/pulse.cpp)
target_link_libraries(flow_test_pulse PUBLIC flow_options flow_base fmt::fmt)
flow_test(device_tests runtime/audio/device LINK flow_device flow_test_pulse)
