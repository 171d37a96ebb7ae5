// Bytes as text: in the encoding that the bytes, the server or the page names; without one in UTF-8, or in Windows-1252 where that cannot be.
const marks: [number[], string][] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];
/** A page names its encoding within its first 1024 bytes (HTML standard, 4.2.5.4). */
const headBytes = 1024;
const named = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i;

export function decoded(bytes: Uint8Array, charset: string | null, isPage: boolean): string {
  const mark = marks.find(([mark]) => mark.every((byte, i) => bytes[i] === byte))?.[1];
  const head = isPage ? new TextDecoder("latin1").decode(bytes.subarray(0, headBytes)) : "";
  const decoder = decoderOf(mark ?? charset ?? named.exec(head)?.[1]);
  if (decoder) return western(decoder, bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return western(new TextDecoder("windows-1252"), bytes);
  }
}

/** From 0x80 on. Node 20 and 22 take these bytes of Windows-1252 for those of ISO 8859-1, which are no letters. */
const upper = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

function western(decoder: TextDecoder, bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  if (decoder.encoding !== "windows-1252") return text;
  return text.replace(/[\x80-\x9f]/g, (control) => upper[control.charCodeAt(0) - 0x80]!);
}

/** Null where there is no such encoding: servers name what they like. */
function decoderOf(label: string | undefined): TextDecoder | null {
  if (label === undefined) return null;
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
}
