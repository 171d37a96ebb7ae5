"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { AnnotatorDto } from "@/lib/annotators/schema";
import { send } from "@/lib/fetch";
import { Button, Problem } from "./parts";
import { useHydrated } from "./use-hydrated";

/** First visit: an annotator is a name. */
export function NameGate() {
  const [name, setName] = useState("");
  const router = useRouter();
  const client = useQueryClient();
  const hydrated = useHydrated();
  const enter = useMutation({
    mutationFn: () => send<AnnotatorDto>("POST", "/api/me", { name }),
    onSuccess: async () => {
      await client.invalidateQueries();
      router.refresh();
    },
  });
  return (
    <form
      className="mx-auto mt-[12vh] max-w-sm rounded-md border bg-surface p-6"
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate();
      }}
    >
      <h1 className="text-lg">Who is ranking?</h1>
      <p className="mt-1 text-soft">
        Your name stands beside your votes, and the two answers are shuffled for you alone.
      </p>
      <label className="mt-4 block font-medium" htmlFor="name">
        Name
      </label>
      <input
        id="name"
        autoComplete="nickname"
        disabled={!hydrated}
        required
        maxLength={40}
        value={name}
        onChange={(event) => setName(event.target.value)}
        className="mt-1 w-full rounded-md border bg-canvas px-3 py-2"
      />
      <Button kind="primary" type="submit" disabled={enter.isPending} className="mt-4 w-full">
        Start ranking
      </Button>
      {enter.error && (
        <div className="mt-3">
          <Problem error={enter.error} />
        </div>
      )}
    </form>
  );
}
