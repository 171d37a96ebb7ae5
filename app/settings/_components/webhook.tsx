"use client";

import { useMutation } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { send } from "@/app/_client/checked-fetch";
import { webhookHeard } from "@/lib/settings/settings-schema";
import { Button } from "../../ui/buttons";

/** Where ends and alerts are posted to, and a test of it; `host` is null where no address is set. */
export function Webhook({ host }: { host: string | null }) {
  const test = useMutation({ mutationFn: () => send("POST", "/api/settings/webhook", {}, webhookHeard) });
  return (
    <div className="mt-3 border-t pt-3">
      <h3 className="text-sm">Webhook</h3>
      {host === null ? (
        <p className="mt-1 text-soft">
          None is set. Start the workbench with <code className="font-mono text-xs">WORKBENCH_WEBHOOK=ADDRESS</code> to
          have ends and alerts of runs posted to Slack, Discord or a script.
        </p>
      ) : (
        <>
          <p className="mt-1 text-soft">Ends and alerts of runs are posted to {host}.</p>
          <div className="mt-2 flex min-h-9 flex-wrap items-center gap-3">
            <Button disabled={test.isPending} onClick={() => test.mutate()}>
              <Send size={14} aria-hidden /> Send a test
            </Button>
            <span role="status" className={test.error ? "text-bad" : "text-soft"}>
              {test.isPending ? "Sending…" : (test.error?.message ?? (test.data && `It answered ${test.data.status}.`))}
            </span>
          </div>
        </>
      )}
    </div>
  );
}
