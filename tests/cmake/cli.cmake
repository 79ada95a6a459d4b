flow_test(command_line_tests cli LINK flow_command_line)
