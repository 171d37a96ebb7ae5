// Registers the ops in the TensorFlow that is in this process already, when Node loads this file as an addon (trainers/engine/native.ts).
#include <node_api.h>

#include "ops.h"
#include "tensorflow.h"

NAPI_MODULE_INIT() {
  static const bool registered = [] { // once a process, for its worker threads too
    registerAdamw();
    registerAttention();
    registerBlock();
    registerCopyPages();
    registerDraw();
    registerFile();
    registerForward();
    registerFourBit();
    registerGgufBlocks();
    registerHead();
    registerNorm();
    registerPositions();
    registerProduct();
    return true;
  }();
  (void)registered;
  if (!registrationProblems.empty()) napi_throw_error(env, nullptr, registrationProblems.c_str());
  return exports;
}
