/**
 * Float32 values that TensorFlow takes over instead of copying them, which it does with what begins at a page, as the memory of buffers does
 * that could be resized.
 */
export function floatMemory(count: number): Float32Array<ArrayBuffer> {
  return new Float32Array(new ArrayBuffer(4 * count, { maxByteLength: 4 * count }), 0, count);
}
