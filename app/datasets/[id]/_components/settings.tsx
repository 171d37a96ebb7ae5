"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { send } from "@/app/_client/checked-fetch";
import { type QueueDto, type QueueSettings, queueDto } from "@/lib/annotation/queues/queue-schema";
import { strategies } from "@/spec/queue-options";
import { sayError } from "../../../ui/toast";
import { useHydrated } from "../../../ui/use-hydrated";
import { Setting, Typed } from "./setting";

const overlaps = [1, 2, 3, 4, 5];
const shares = [0, 2, 3, 5, 10, 15, 20];
const strategyWords: Record<(typeof strategies)[number], string> = {
  file: "sequential",
  random: "random",
  unsure: "uncertainty (reward model)",
  gap: "widest reward gap",
  disagreement: "disagreement",
};

/** How records are assigned, and what is asked of each. */
export function Settings({ queue }: { queue: QueueDto }) {
  const { id, overlap, open, progress, mode, strategy, aspects, gold, scored } = queue;
  const router = useRouter();
  const hydrated = useHydrated();
  const change = useMutation({
    mutationFn: (wanted: QueueSettings) => send("PATCH", `/api/queues/${id}`, wanted, queueDto),
    onSuccess: () => router.refresh(),
    onError: (error) => void sayError(error.message),
  });
  const { mutate } = change;
  const percents = shares.map((share) => ({ value: String(share), label: share === 0 ? "none" : `${share} %` }));
  return (
    <fieldset disabled={!hydrated || change.isPending} className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
      <legend className="numbers mb-3 text-soft">
        {open === null
          ? `${progress.total.toLocaleString("en")} records`
          : `${open.toLocaleString("en")} of ${progress.total.toLocaleString("en")} records need annotations`}
        {gold > 0 && `, plus ${gold} gold`}
      </legend>
      <Setting
        label="Annotations per record"
        about="Max annotators per record. An unused assignment expires after 15 minutes; a later vote counts if the place is still free, and is stored as an extra otherwise."
        value={String(overlap ?? "")}
        options={[
          { value: "", label: "everyone annotates all" },
          ...overlaps.map((count) => ({ value: String(count), label: String(count) })),
        ]}
        onChange={(value) => mutate({ overlap: value === "" ? null : Number(value) })}
      />
      <Setting
        label="Question"
        about="With strength, keys 1 to 8 go from A much better to B much better. Without, the arrow keys choose, and all votes count alike."
        value={mode}
        options={[
          { value: "scale", label: "preference with strength" },
          { value: "pair", label: "preference only" },
        ]}
        onChange={(value) => mutate({ mode: value as QueueDto["mode"] })}
      />
      <Setting
        label="Sampling"
        about={
          strategy === "unsure" || strategy === "gap"
            ? `${scored.toLocaleString("en")} records are scored. 15 % are always drawn at random, and each vote stores the probability with which its record was drawn.`
            : "15 % are always drawn at random, and each vote stores the probability with which its record was drawn."
        }
        value={strategy}
        options={strategies.map((value) => ({ value, label: strategyWords[value] }))}
        onChange={(value) => mutate({ strategy: value as QueueDto["strategy"] })}
      />
      <Setting
        label="Gold records"
        about="Share of imported records with a known answer, mixed in to test annotators. They are never trained on."
        value={String(queue.goldPercent)}
        options={percents}
        onChange={(value) => mutate({ goldPercent: Number(value) })}
      />
      <Setting
        label="Consistency check"
        about="Share of records repeated with the sides swapped, after 50 other votes. Measures consistency and position bias; needs no gold records."
        value={String(queue.mirrorPercent)}
        options={percents}
        onChange={(value) => mutate({ mirrorPercent: Number(value) })}
      />
      <Typed
        label="Qualification round"
        about="Number of gold records that come first as practice; the correct answer and the reason are shown after each vote."
        value={String(queue.training)}
        onChange={(value) => mutate({ training: Number(value) })}
      />
      <Typed
        label="Limit per annotator"
        about="Empty: no limit."
        value={String(queue.quota ?? "")}
        onChange={(value) => mutate({ quota: value === "" ? null : Number(value) })}
      />
      <Typed
        label="Rating criteria"
        about="Optional ratings from 1 to 5 with each vote. Names, separated by commas."
        value={aspects.join(", ")}
        onChange={(value) =>
          mutate({
            aspects: value
              .split(",")
              .map((name) => name.trim())
              .filter(Boolean),
          })
        }
      />
    </fieldset>
  );
}
