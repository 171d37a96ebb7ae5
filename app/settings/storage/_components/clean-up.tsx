"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { send } from "@/app/_client/checked-fetch";
import { cleaned, sizeWords, type Unneeded } from "@/lib/storage/storage-schema";
import { Button } from "../../../ui/buttons";
import { Card, Problem } from "../../../ui/cards";
import { Confirm } from "../../../ui/confirm";
import { say } from "../../../ui/toast";

const sizeOf = (items: Unneeded[]) => sizeWords(items.reduce((sum, { bytes }) => sum + bytes, 0));

/** What nothing needs any more, and the button that deletes it once its list is confirmed. */
export function CleanUp({ unneeded }: { unneeded: Unneeded[] }) {
  const router = useRouter();
  const [asked, setAsked] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const remove = async () => {
    setDeleting(true);
    setProblem(null);
    try {
      const paths = unneeded.map(({ path }) => path);
      const { deleted, kept } = await send("POST", "/api/storage/clean", { paths }, cleaned);
      setAsked(false);
      void say([`Deleted ${sizeOf(deleted)}.`, ...kept].join(" "));
      router.refresh();
    } catch (error) {
      setProblem(error);
    } finally {
      setDeleting(false);
    }
  };

  if (unneeded.length === 0)
    return (
      <Card title="Clean up">
        <p className="text-soft">
          Nothing to delete: no surplus checkpoints, old reference scores or half-written files.
        </p>
      </Card>
    );
  return (
    <Card title="Clean up" action={<Button onClick={() => setAsked(true)}>Review and delete…</Button>}>
      <p className="max-w-[75ch] text-soft">
        {unneeded.length} {unneeded.length === 1 ? "item" : "items"}, {sizeOf(unneeded)}: all checkpoints of ended runs
        but the newest and those that another run names, reference scores unused for 30 days, half-written files.
        Results and curves of runs, datasets and annotations stay.
      </p>
      {asked && (
        <Confirm
          title={`Delete ${sizeOf(unneeded)} for good?`}
          shape="wide"
          no="Keep all"
          yes={deleting ? "Deleting…" : `Delete ${unneeded.length} ${unneeded.length === 1 ? "item" : "items"}`}
          deletes
          disabled={deleting}
          onYes={() => void remove()}
          onClose={() => setAsked(false)}
        >
          <ul className="mb-3 max-h-[50dvh] divide-y overflow-y-auto" tabIndex={0} aria-label="What is deleted">
            {unneeded.map(({ path, what, bytes }) => (
              <li key={path} className="flex justify-between gap-4 py-1.5">
                <span className="[overflow-wrap:anywhere]">{what}</span>
                <span className="numbers shrink-0 text-soft">{sizeWords(bytes)}</span>
              </li>
            ))}
          </ul>
          {problem !== null && <Problem error={problem} />}
        </Confirm>
      )}
    </Card>
  );
}
