"use client";

import { Copy } from "lucide-react";
import { Button } from "../../../ui/buttons";
import { Card } from "../../../ui/cards";
import { copyText } from "../../../ui/copy-text";

/** How a script asks the model by OpenAI's API; `server` is the workbench's address. */
export function ApiCard({ name, server, isTeam }: { name: string; server: string; isTeam: boolean }) {
  const body = JSON.stringify({ model: name, messages: [{ role: "user", content: "Hello" }] });
  const text = [
    `curl ${server}/api/v1/chat/completions \\`,
    "  -H 'content-type: application/json' \\",
    ...(isTeam ? ['  -H "authorization: Bearer $WORKBENCH_TOKEN" \\'] : []),
    `  -d '${body.replaceAll("'", "'\\''")}'`,
  ].join("\n");
  return (
    <Card
      title="OpenAI's API"
      action={
        <Button onClick={() => void copyText(text, "Copied")}>
          <Copy size={14} aria-hidden /> Copy
        </Button>
      }
    >
      <p className="max-w-[75ch] text-soft">
        Clients of OpenAI's API use the base URL <code className="font-mono text-xs">{server}/api/v1</code>, the model{" "}
        <code className="break-all font-mono text-xs">{name}</code>{" "}
        {isTeam ? "and, as API key, one of your tokens with the scope write." : "and any API key."}
      </p>
      <section tabIndex={0} aria-label="Request" className="mt-2 overflow-x-auto rounded-md border bg-canvas p-3">
        <pre className="font-mono text-xs leading-6">{text}</pre>
      </section>
    </Card>
  );
}
