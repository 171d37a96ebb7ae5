/** With TensorFlow's own ops alone, not those of native/. */
export function withoutNative<Result>(compute: () => Result): Result {
  process.env.WORKBENCH_NATIVE = "off";
  try {
    return compute();
  } finally {
    delete process.env.WORKBENCH_NATIVE;
  }
}
