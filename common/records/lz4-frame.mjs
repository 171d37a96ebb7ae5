// LZ4 frames, in which Arrow files are packed unless somebody asks for another way. A block may copy from the ones before it. Plain
// JavaScript, for arrow-worker.mjs; `most` bounds what a frame may unpack to.

/** @param {Uint8Array} frame @param {number} most @returns {Uint8Array} */
export function unpackLz4Frame(frame, most) {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== 0x184d2204) throw new Error("is no LZ4 frame");
  const flags = frame[4];
  const [hasBlockChecksums, hasSize, hasDictionary] = [flags & 0x10, flags & 8, flags & 1];
  let at = 7 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  let out = new Uint8Array(Math.min(most, 4 * frame.length + 64));
  let length = 0;
  const reserve = (more) => {
    if (length + more > most) throw new Error(`unpacks to more than ${most / 1e6} MB`);
    if (length + more <= out.length) return;
    const larger = new Uint8Array(Math.min(most, 2 * (length + more)));
    larger.set(out.subarray(0, length));
    out = larger;
  };
  const literals = (from, count) => {
    if (from + count > frame.length) throw new Error("ends within a block");
    reserve(count);
    out.set(frame.subarray(from, from + count), length);
    length += count;
  };
  for (;;) {
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) return out.subarray(0, length);
    const size = header & 0x7fffffff;
    if (header >>> 31) literals(at, size);
    else block(at, at + size);
    at += size + (hasBlockChecksums ? 4 : 0);
  }

  function block(from, end) {
    let i = from;
    const extended = (count) => {
      if (count !== 15) return count;
      let byte = 255;
      while (byte === 255 && i < end) count += byte = frame[i++];
      return count;
    };
    while (i < end) {
      const token = frame[i++];
      const count = extended(token >> 4);
      literals(i, count);
      i += count;
      if (i >= end) return;
      const offset = frame[i] | (frame[i + 1] << 8);
      i += 2;
      if (offset === 0 || offset > length) throw new Error("copies from before its beginning");
      const copied = extended(token & 15) + 4;
      reserve(copied);
      for (let n = 0; n < copied; n++, length++) out[length] = out[length - offset];
    }
  }
}
