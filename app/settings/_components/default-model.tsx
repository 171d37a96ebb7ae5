"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { settingsNow } from "@/lib/settings/settings-schema";
import { Button } from "../../ui/buttons";
import { ModelInput } from "../../ui/model-input";
import { say } from "../../ui/toast";
import { useHydrated } from "../../ui/use-hydrated";

/** The model that runs on one's own data begin with; null where each template has its own. */
export function DefaultModel({ chosen }: { chosen: string | null }) {
  const id = useId();
  const hydrated = useHydrated();
  const router = useRouter();
  const [typed, setTyped] = useState(chosen ?? "");
  const wanted = typed.trim() || null;
  const save = useMutation({
    mutationFn: () => send("PATCH", "/api/settings", { defaultModel: wanted }, settingsNow),
    onSuccess: ({ defaultModel }) => {
      void say(defaultModel === null ? "Each template has its own model again." : `Runs begin with ${defaultModel}.`);
      router.refresh();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <label htmlFor={id} className="mb-1 block text-soft">
        What “Train on this dataset” and generating responses begin with
      </label>
      <fieldset disabled={!hydrated} className="flex items-start gap-2">
        <div className="min-h-16 min-w-0 flex-1">
          <ModelInput
            id={id}
            value={typed}
            onChange={(value) => {
              setTyped(value);
              save.reset();
            }}
            problem={save.error?.message}
            help="A model's name, its folder or a .gguf file. Empty: as each template has it."
          />
        </div>
        <Button type="submit" kind="primary" disabled={save.isPending || wanted === chosen}>
          Save
        </Button>
      </fieldset>
    </form>
  );
}
