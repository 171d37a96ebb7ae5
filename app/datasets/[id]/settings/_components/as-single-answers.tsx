"use client";

import { useMutation } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { Button } from "../../../../ui/buttons";
import { Card, Problem } from "../../../../ui/cards";
import { useHydrated } from "../../../../ui/use-hydrated";
import { duplicateAsSingle, pageOf } from "../../../_components/dataset-requests";

/** Makes a dataset of the same answers in which each is judged by itself. */
export function AsSingleAnswers({ id }: { id: number }) {
  const router = useRouter();
  const hydrated = useHydrated();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => duplicateAsSingle(id),
    onSuccess: (made) => router.push(pageOf({ kind: "annotate", id: made.id }) as Route),
  });
  return (
    <Card title="One answer at a time">
      <p className="max-w-[75ch] text-soft">
        Makes another dataset of these answers, each a record that annotators judge as good or bad. KTO trains on it.
        The annotations here stay here; labels that came with the file go along, chosen answers as good and rejected
        ones as bad.
      </p>
      <Button className="mt-3" disabled={!hydrated || isPending} onClick={() => mutate()}>
        Duplicate as single answers
      </Button>
      {error && <Problem error={error} />}
    </Card>
  );
}
