// The text of a piece of a page as it reads: paragraphs with a blank line between them, items and rows of tables with a line each, code as it stands.
const paragraphs = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR MAIN NAV OL P SECTION TABLE UL".split(
    " ",
  ),
);
const lines = new Set(["LI", "TR", "CAPTION", "OPTION"]);
const unread = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "SVG", "IFRAME", "BUTTON", "SELECT", "INPUT"]);

export function blockText(element: Element): string {
  const text = textBuilder();
  const items = new Map<Element, number>(); // so many of a list have been met
  visit(element);
  return text.whole();

  function visit(node: Element): void {
    const name = node.nodeName.toUpperCase();
    if (unread.has(name)) return;
    if (name === "BR") text.breaks();
    else if (name === "PRE") text.verbatim(node.textContent ?? "");
    else visitChildren(node, name);
  }

  function visitChildren(node: Element, name: string): void {
    const gap = paragraphs.has(name) ? "\n\n" : lines.has(name) ? "\n" : name === "TD" || name === "TH" ? " " : "";
    text.gap(gap);
    if (name === "LI") text.words(markOf(node.parentElement));
    for (const child of node.childNodes)
      if (child.nodeType === 3) text.words(child.textContent ?? "");
      else if (child.nodeType === 1) visit(child as Element);
    text.gap(gap);
  }

  function markOf(list: Element | null): string {
    if (list?.nodeName.toUpperCase() !== "OL") return "- ";
    const place = (items.get(list) ?? 0) + 1;
    items.set(list, place);
    return `${place}. `;
  }
}

function textBuilder() {
  let [text, pending] = ["", ""];
  /** The larger of two gaps is the one between two blocks: "" < " " < "\n" < "\n\n". */
  const gap = (next: string) => {
    if (next.length > pending.length || (next === "\n" && pending === " ")) pending = next;
  };
  const add = (piece: string) => {
    text += text === "" ? piece : pending + piece;
    pending = "";
  };
  return {
    gap,
    breaks: () => gap(pending === "\n" ? "\n\n" : "\n"),
    words(raw: string): void {
      if (/^\s/.test(raw)) gap(" ");
      const words = raw.trim().replace(/\s+/g, " ");
      if (words === "") return;
      add(words);
      if (/\s$/.test(raw)) gap(" ");
    },
    verbatim(raw: string): void {
      gap("\n\n");
      if (raw.trim() !== "") add(raw.replace(/^\n+/, "").trimEnd());
      gap("\n\n");
    },
    whole: () => text,
  };
}
