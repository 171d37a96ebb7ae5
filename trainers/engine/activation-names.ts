/** Activations of the gated MLP, in Transformers' names. Apart from activation.ts, so that a config is read without TensorFlow. */
export const activationNames = ["silu", "relu", "gelu", "gelu_pytorch_tanh"] as const;
export type ActivationName = (typeof activationNames)[number];
