import Link from "next/link";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { Prose } from "../../../ui/prose";

/** How this queue is to be judged; it stays open while pairs go by. */
export function Guide({ queue: { id, about, guidelinesHtml } }: { queue: QueueDto }) {
  return (
    <section
      aria-label="Guidelines"
      tabIndex={0}
      className="max-h-[40dvh] overflow-y-auto border-b bg-surface px-4 py-3 md:px-6"
    >
      {guidelinesHtml ? (
        <Prose html={guidelinesHtml} />
      ) : (
        <p className="text-soft">
          {about} Nobody has written guidelines; that is done{" "}
          <Link href={`/data/${id}`} className="underline">
            on the queue's page
          </Link>
          .
        </p>
      )}
    </section>
  );
}
