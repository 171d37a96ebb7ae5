import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { Link } from "../../../ui/link";
import { Prose } from "../../../ui/prose";

/** The dataset's guidelines; they stay open from record to record. */
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
          {about} No guidelines yet; add them{" "}
          <Link href={`/datasets/${id}`} className="underline">
            on the dataset's page
          </Link>
          .
        </p>
      )}
    </section>
  );
}
