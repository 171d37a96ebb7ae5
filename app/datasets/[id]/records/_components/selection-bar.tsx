import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { RecordFilter } from "@/lib/annotation/records/records-schema";
import { Button } from "../../../../ui/buttons";
import { Confirm } from "../../../../ui/confirm";
import { sayError } from "../../../../ui/toast";
import { fetchIds } from "./records-queries";
import { ReturnSelected } from "./return-selected";
import { TagSelected } from "./tag-selected";

interface Props {
  queueId: number;
  filter: RecordFilter;
  matching: number;
  selected: ReadonlySet<number>;
  busy: boolean;
  /** Those that records have. */
  tags: string[];
  onSelect: (selected: ReadonlySet<number>) => void;
  onExclude: (itemIds: number[], excluded: boolean) => void;
}

/** Above so many records an action is asked about, although it can be undone. */
const unasked = 20;

/** What can be done with the chosen records, and all that match chosen at once. */
export function SelectionBar({ queueId, filter, matching, selected, busy, tags, onSelect, onExclude }: Props) {
  const [asked, setAsked] = useState<boolean | null>(null);
  const all = useMutation({
    mutationFn: () => fetchIds(queueId, filter),
    onSuccess: (ids) => onSelect(new Set(ids)),
    onError: (error) => void sayError(error.message),
  });
  const act = (excluded: boolean) => {
    setAsked(null);
    onExclude([...selected], excluded);
  };
  const press = (excluded: boolean) => (selected.size > unasked ? setAsked(excluded) : act(excluded));
  const count = selected.size.toLocaleString("en");
  return (
    <div data-needs="review" className="mb-2 flex min-h-9 flex-wrap items-center gap-2">
      <span className="numbers mr-2">{count} chosen</span>
      {selected.size < matching && (
        <Button kind="quiet" disabled={all.isPending} onClick={() => all.mutate()}>
          Choose all {matching.toLocaleString("en")}
        </Button>
      )}
      {selected.size > 0 && (
        <>
          <Button kind="quiet" onClick={() => onSelect(new Set())}>
            Choose none
          </Button>
          <Button data-needs="write" disabled={busy} onClick={() => press(true)}>
            Exclude
          </Button>
          <Button data-needs="write" disabled={busy} onClick={() => press(false)}>
            Include
          </Button>
          <TagSelected queueId={queueId} selected={selected} known={tags} />
          <ReturnSelected queueId={queueId} selected={selected} />
        </>
      )}
      {asked !== null && (
        <Confirm
          title={`${asked ? "Exclude" : "Include"} ${count} records?`}
          yes={`${asked ? "Exclude" : "Include"} ${count}`}
          onYes={() => act(asked)}
          onClose={() => setAsked(null)}
        >
          <p className="text-soft">
            {asked
              ? "They are neither annotated, exported nor trained on."
              : "They are annotated, exported and trained on again."}{" "}
            You can undo this for ten seconds.
          </p>
        </Confirm>
      )}
    </div>
  );
}
