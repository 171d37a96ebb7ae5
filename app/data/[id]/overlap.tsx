"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { send } from "@/lib/fetch";
import type { QueueDto } from "@/lib/queues/schema";
import { useHydrated } from "../../ui/use-hydrated";

const choices = [1, 2, 3, 4, 5];

/** How many people are to judge each pair. */
export function Overlap({ queue: { id, overlap, open, progress } }: { queue: QueueDto }) {
  const router = useRouter();
  const hydrated = useHydrated();
  const change = useMutation({
    mutationFn: (wanted: number | null) => send<QueueDto>("PATCH", `/api/queues/${id}`, { overlap: wanted }),
    onSuccess: () => router.refresh(),
    onError: (error) => toast.error(error.message),
  });
  return (
    <div className="flex flex-wrap items-center gap-3">
      <label className="flex items-center gap-2">
        <span className="font-medium">Judgements a pair</span>
        <select
          value={overlap ?? ""}
          disabled={!hydrated || change.isPending}
          onChange={(event) => change.mutate(event.target.value === "" ? null : Number(event.target.value))}
          className="rounded-md border bg-canvas px-3 py-2"
        >
          <option value="">everybody judges all</option>
          {choices.map((count) => (
            <option key={count} value={count}>
              {count}
            </option>
          ))}
        </select>
      </label>
      <span className="numbers text-soft">
        {open === null
          ? `${progress.total.toLocaleString("en")} pairs`
          : `${open.toLocaleString("en")} of ${progress.total.toLocaleString("en")} pairs want more`}
      </span>
      <p className="w-full max-w-[70ch] text-soft text-xs">
        With a number, a pair lies before that many people at a time and no more; whoever leaves one open for a quarter
        of an hour loses the place. A vote that comes later is kept as an extra.
      </p>
    </div>
  );
}
