flow_test(ir_test compiler/ir LINK flow_ir)
