// The one place that loads TensorFlow. Everything numeric imports `tf` from here, so the backend is chosen once.
import "../../scripts/setup/util-shim.cjs";
import "./gpu-settings";

export * as tf from "@tensorflow/tfjs-node-gpu";
