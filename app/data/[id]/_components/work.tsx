"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { send } from "@/app/_client/fetch";
import type { QueueDto, QueueSettings } from "@/lib/annotation/queues/queue-schema";
import { strategies } from "@/spec/queue-options";
import { sayError } from "../../../ui/toast";
import { useHydrated } from "../../../ui/use-hydrated";
import { Setting, Typed } from "./setting";

const overlaps = [1, 2, 3, 4, 5];
const shares = [0, 2, 3, 5, 10, 15, 20];
const strategyWords: Record<(typeof strategies)[number], string> = {
  file: "as they came",
  random: "at random",
  unsure: "where the reward model is least sure",
  gap: "where the reward model sees the widest gap",
  disagreement: "where people disagree",
};

/** How the queue's pairs are given out, and what is asked of each. */
export function Work({ queue }: { queue: QueueDto }) {
  const { id, overlap, open, progress, mode, strategy, aspects, gold, scored } = queue;
  const router = useRouter();
  const hydrated = useHydrated();
  const change = useMutation({
    mutationFn: (wanted: QueueSettings) => send<QueueDto>("PATCH", `/api/queues/${id}`, wanted),
    onSuccess: () => router.refresh(),
    onError: (error) => void sayError(error.message),
  });
  const { mutate } = change;
  const percents = shares.map((share) => ({ value: String(share), label: share === 0 ? "none" : `${share} %` }));
  return (
    <fieldset disabled={!hydrated || change.isPending} className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
      <legend className="numbers mb-3 text-soft">
        {open === null
          ? `${progress.total.toLocaleString("en")} pairs`
          : `${open.toLocaleString("en")} of ${progress.total.toLocaleString("en")} pairs want more`}
        {gold > 0 && `, and ${gold} whose answer is known`}
      </legend>
      <Setting
        label="Judgements a pair"
        about="With a number, a pair lies before that many people at a time and no more; one left open for a quarter of an hour is free again, and a vote that comes later counts where the place is still free, else it is kept as an extra."
        value={String(overlap ?? "")}
        options={[
          { value: "", label: "everybody judges all" },
          ...overlaps.map((count) => ({ value: String(count), label: String(count) })),
        ]}
        onChange={(value) => mutate({ overlap: value === "" ? null : Number(value) })}
      />
      <Setting
        label="What is asked"
        about="With strength a key is 1 much better to 4 barely better. Without, the arrows choose, and all count alike."
        value={mode}
        options={[
          { value: "scale", label: "which is better, and how much" },
          { value: "pair", label: "which is better" },
        ]}
        onChange={(value) => mutate({ mode: value as QueueDto["mode"] })}
      />
      <Setting
        label="Which comes next"
        about={
          strategy === "unsure" || strategy === "gap"
            ? `${scored.toLocaleString("en")} pairs are scored. 15 % are drawn at random whatever is chosen, and each vote keeps the chance its pair had.`
            : "Where pairs are drawn, 15 % are drawn at random whatever is chosen, and each vote keeps the chance its pair had."
        }
        value={strategy}
        options={strategies.map((value) => ({ value, label: strategyWords[value] }))}
        onChange={(value) => mutate({ strategy: value as QueueDto["strategy"] })}
      />
      <Setting
        label="Gold pairs among them"
        about="Imported rows that bear a gold verdict test annotators without saying so, and never train a model."
        value={String(queue.goldPercent)}
        options={percents}
        onChange={(value) => mutate({ goldPercent: Number(value) })}
      />
      <Setting
        label="Shown again, sides swapped"
        about="After 50 other votes: does a person say the same, and do they lean to a side? Needs no gold."
        value={String(queue.mirrorPercent)}
        options={percents}
        onChange={(value) => mutate({ mirrorPercent: Number(value) })}
      />
      <Typed
        label="Training round"
        about="So many gold pairs come first, each with what is right and why after the vote."
        value={String(queue.training)}
        onChange={(value) => mutate({ training: Number(value) })}
      />
      <Typed
        label="Most judgements a person"
        about="Empty: no limit."
        value={String(queue.quota ?? "")}
        onChange={(value) => mutate({ quota: value === "" ? null : Number(value) })}
      />
      <Typed
        label="Aspects"
        about="Rated from 1 to 5 beside the vote, if somebody likes to: names with commas between."
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
