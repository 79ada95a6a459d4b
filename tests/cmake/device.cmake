add_library(flow_test_pulse STATIC support/pulse.cpp support/process.cpp)
target_link_libraries(flow_test_pulse PUBLIC flow_options flow_base fmt::fmt)

flow_test(device_tests runtime/audio/device LINK flow_device flow_test_pulse)
flow_test(device_call_tests cli/device LINK flow_test_pulse flow_simulate)
if(TARGET device_call_tests AND TARGET flowc)
  add_dependencies(device_call_tests flowc)
endif()
