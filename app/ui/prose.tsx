import "katex/dist/katex.min.css";

/** HTML that lib/markdown/markdown.ts rendered and sanitised. */
export function Prose({ html }: { html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the server sanitised it; markdown.test.ts tries to get a script through
  return <div className="prose-answer" dangerouslySetInnerHTML={{ __html: html }} />;
}
