// What the ops use of TensorFlow's C API, with objects that free themselves. Dimensions and indices are `long` throughout.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_datatype.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

class Status {
 public:
  Status() = default;
  Status(const Status&) = delete;
  ~Status() { TF_DeleteStatus(status_); }
  operator TF_Status*() const { return status_; }
  bool ok() const { return TF_GetCode(status_) == TF_OK; }
  std::string message() const { return TF_Message(status_); }

 private:
  TF_Status* status_ = TF_NewStatus();
};

class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {}
  Tensor(Tensor&& other) : tensor_(std::exchange(other.tensor_, nullptr)) {}
  Tensor(const Tensor&) = delete;
  ~Tensor() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  operator TF_Tensor*() const { return tensor_; }
  template <class Element>
  Element* data() const {
    return static_cast<Element*>(TF_TensorData(tensor_));
  }
  long size(int axis) const { return TF_Dim(tensor_, axis); }
  int rank() const { return TF_NumDims(tensor_); }
  long count() const { return TF_TensorElementCount(tensor_); }
  std::vector<int64_t> shape() const {
    std::vector<int64_t> sizes(rank());
    for (int axis = 0; axis < rank(); axis++) sizes[axis] = size(axis);
    return sizes;
  }

 private:
  TF_Tensor* tensor_;
};

inline Tensor input(TF_OpKernelContext* context, int index) {
  Status status;
  TF_Tensor* tensor = nullptr;
  TF_GetInput(context, index, &tensor, status);
  return Tensor(tensor);
}

inline Tensor output(TF_OpKernelContext* context, int index, TF_DataType type, const std::vector<int64_t>& shape) {
  Status status;
  size_t bytes = TF_DataTypeSize(type);
  for (int64_t size : shape) bytes *= size;
  return Tensor(TF_AllocateOutput(context, index, type, shape.data(), int(shape.size()), bytes, status));
}

/** Ends an op with an error that reaches JavaScript. */
inline void fail(TF_OpKernelContext* context, const std::string& message) {
  Status status;
  TF_SetStatus(status, TF_INVALID_ARGUMENT, message.c_str());
  TF_OpKernelContext_Failure(context, status);
}

inline int64_t intAttribute(TF_OpKernelConstruction* construction, const char* name) {
  Status status;
  int64_t value = 0;
  TF_OpKernelConstruction_GetAttrInt64(construction, name, &value, status);
  return value;
}

inline float floatAttribute(TF_OpKernelConstruction* construction, const char* name) {
  Status status;
  float value = 0;
  TF_OpKernelConstruction_GetAttrFloat(construction, name, &value, status);
  return value;
}

/** What TensorFlow refused at registration, for the module's loader to throw. */
inline std::string registrationProblems;

/** In TensorFlow's notation: attributes "T: {float, bfloat16}", inputs and outputs "x: T". Shapes are known in TypeScript only. */
struct OpDefinition {
  const char* name;
  std::vector<const char*> attributes, inputs, outputs;
  /** An op that writes into its input must be neither merged with an equal one nor left out. */
  bool stateful = false;
};

inline void registerOp(const OpDefinition& op) {
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(op.name);
  for (const char* attribute : op.attributes) TF_OpDefinitionBuilderAddAttr(builder, attribute);
  for (const char* input : op.inputs) TF_OpDefinitionBuilderAddInput(builder, input);
  for (const char* output : op.outputs) TF_OpDefinitionBuilderAddOutput(builder, output);
  TF_OpDefinitionBuilderSetIsStateful(builder, op.stateful);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(
      builder, [](TF_ShapeInferenceContext* context, TF_Status* status) { TF_ShapeInferenceContextSetUnknownShape(context, status); });
  Status status;
  TF_RegisterOpDefinition(builder, status);
  if (!status.ok()) registrationProblems += status.message() + "\n";
}

/** A processor kernel of an op. `create` may read attributes into an object that `compute` is given and `destroy` deletes. */
struct Kernel {
  const char* op;
  std::vector<std::pair<const char*, TF_DataType>> types;
  void (*compute)(void*, TF_OpKernelContext*);
  void* (*create)(TF_OpKernelConstruction*) = nullptr;
  void (*destroy)(void*) = nullptr;
};

inline void registerKernel(const Kernel& kernel) {
  TF_KernelBuilder* builder = TF_NewKernelBuilder(kernel.op, "CPU", kernel.create, kernel.compute, kernel.destroy);
  Status status;
  for (auto [attribute, type] : kernel.types) TF_KernelBuilder_TypeConstraint(builder, attribute, type, status);
  TF_RegisterKernelBuilder(kernel.op, builder, status);
  if (!status.ok()) registrationProblems += status.message() + "\n";
}
