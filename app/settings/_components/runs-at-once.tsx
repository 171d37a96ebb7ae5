"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { settingsChange, settingsNow } from "@/lib/settings/settings-schema";
import { Button } from "../../ui/buttons";
import { Typed } from "../../ui/setting";
import { say } from "../../ui/toast";
import { useHydrated } from "../../ui/use-hydrated";

/** How many runs train on this machine at a time. */
export function RunsAtOnce({ chosen, cores }: { chosen: number; cores: number }) {
  const hydrated = useHydrated();
  const router = useRouter();
  const [typed, setTyped] = useState(String(chosen));
  const read = settingsChange.safeParse({ runsAtOnce: typed.trim() === "" ? null : Number(typed) });
  const save = useMutation({
    mutationFn: () => send("PATCH", "/api/settings", { runsAtOnce: Number(typed) }, settingsNow),
    onSuccess: ({ runsAtOnce }) => {
      void say(runsAtOnce === 1 ? "One run trains at a time." : `Up to ${runsAtOnce} runs train at a time.`);
      router.refresh();
    },
  });
  return (
    <form
      className="mt-4 border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (read.success) save.mutate();
      }}
    >
      <fieldset disabled={!hydrated} className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Typed
            label="Runs at once"
            about={`They share the ${cores} cores evenly, and start only while the memory that they were estimated to need fits. For many small runs, of a sweep say; a single run is fastest with 1.`}
            value={typed}
            problem={read.error?.issues[0]?.message ?? save.error?.message}
            onChange={(value) => {
              setTyped(value);
              save.reset();
            }}
          />
        </div>
        <Button type="submit" className="mt-7" disabled={!read.success || save.isPending || Number(typed) === chosen}>
          Change
        </Button>
      </fieldset>
    </form>
  );
}
