"use client";

import { Copy } from "lucide-react";
import { Button } from "../../ui/buttons";
import { copyText } from "../../ui/copy-text";

/** How a script on this machine says who it is, sends a dataset and takes its annotations. */
export function Snippet({ host }: { host: string }) {
  const text = [
    `curl -c me -H 'content-type: application/json' -d '{"name": "Robot"}' http://${host}/api/me`,
    `curl -b me --data-binary @pairs.jsonl 'http://${host}/api/queues/import?name=My+dataset'`,
    `curl -b me http://${host}/api/queues/2/export > annotated.jsonl`,
  ].join("\n");
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <p className="max-w-[75ch] text-soft">
          Scripts on this machine can do what the pages do: JSON in, JSON out, without a key. Requests, fields and
          errors are listed in <code className="font-mono text-xs">docs/http.md</code>, and for programs in{" "}
          <a href="/api/openapi.json" className="text-accent underline">
            openapi.json
          </a>
          .
        </p>
        <Button onClick={() => void copyText(text, "Copied")}>
          <Copy size={14} aria-hidden /> Copy
        </Button>
      </div>
      <section tabIndex={0} aria-label="Commands" className="mt-2 overflow-x-auto rounded-md border bg-canvas p-3">
        <pre className="font-mono text-xs leading-6">{text}</pre>
      </section>
    </>
  );
}
