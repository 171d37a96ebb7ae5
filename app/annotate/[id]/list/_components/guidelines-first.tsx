"use client";

import { useRouter } from "next/navigation";
import type { UnreadGuidelines } from "@/lib/annotation/guidelines/guidelines-schema";
import { NewGuidelines } from "../../_components/new-guidelines";

/** In place of the list until they are read. */
export function GuidelinesFirst(props: { queueId: number; unread: UnreadGuidelines }) {
  const router = useRouter();
  return <NewGuidelines {...props} onRead={router.refresh} />;
}
