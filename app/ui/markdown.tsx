import { useEffect, useState } from "react";
import ReactMarkdown from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import type { richPlugins } from "./rich";

/** Whether a text may have formulas or a fenced block of code. */
const mayBeRich = (text: string) => /\$[^$\n]+\$|\$\$|```/.test(text);

/** What tells formulas apart is let through; what renders them comes after and makes no markup of the text's own. */
const schema = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    code: [["className", /^language-./, "math-inline", "math-display"]],
  },
};

/** An answer as its writer meant it: GitHub's Markdown, formulas, coloured code; no raw HTML, and no image is ever fetched. */
export function Markdown({ children }: { children: string }) {
  const { remark, rehype } = useRich(mayBeRich(children))?.(children) ?? plain;
  return (
    <div className="prose-answer">
      <ReactMarkdown
        remarkPlugins={[remarkGfm, ...remark]}
        rehypePlugins={[[rehypeSanitize, schema], ...rehype]}
        components={{
          img: ({ alt }) => <span className="text-soft">[image: {alt || "no description"}]</span>,
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer noopener nofollow">
              {children}
            </a>
          ),
        }}
      >
        {children}
      </ReactMarkdown>
    </div>
  );
}

const plain = { remark: [], rehype: [] };

/** Null until the plugins are here. */
function useRich(wanted: boolean): typeof richPlugins | null {
  const [loaded, setLoaded] = useState<{ plugins: typeof richPlugins } | null>(null);
  useEffect(() => {
    if (wanted && !loaded) void import("./rich").then(({ richPlugins: plugins }) => setLoaded({ plugins }));
  }, [wanted, loaded]);
  return wanted && loaded ? loaded.plugins : null;
}
