/** What is read before anything is decided about it. */
export interface RawDocument {
  /** The file, and which of its documents it is where it holds several: `crawl/a.warc.gz#17`. */
  id: string;
  kind: "html" | "markdown" | "text" | "pdf";
  url: string | null;
  /** Of text, as its server named it. */
  charset: string | null;
  bytes: Uint8Array;
}

/** What cannot be read; the rest goes on. */
export interface Unread {
  /** As a document's. */
  id: string;
  reason: string;
}
