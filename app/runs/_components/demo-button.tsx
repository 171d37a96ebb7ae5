"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { send } from "@/app/_client/checked-fetch";
import { runsQuery } from "@/app/_client/queries";
import { demoPreset } from "@/lib/runs/presets";
import { launched } from "@/lib/runs/run-schema";
import { Button } from "../../ui/buttons";
import { sayError } from "../../ui/toast";

/** Launches the demo preset as it stands and opens its page. */
export function DemoButton({ kind = "primary" }: { kind?: "primary" | "plain" }) {
  const router = useRouter();
  const client = useQueryClient();
  const launch = useMutation({
    mutationFn: () => {
      const { name, data, config } = demoPreset;
      return send("POST", "/api/runs", { name, data, config }, launched);
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: runsQuery.queryKey });
      router.push(`/runs/${id}`);
    },
    onError: (error) => void sayError(error.message),
  });
  return (
    <Button data-needs="write" kind={kind} disabled={launch.isPending} onClick={() => launch.mutate()}>
      <Play size={15} aria-hidden /> {launch.isPending ? "Checking the data…" : "Start the quick demo"}
    </Button>
  );
}
