import { useTranslate } from "@/app/_messages/use-translate";
import { rich } from "@/app/ui/rich";
import type { QueueDto } from "@/lib/annotation/queues/queue-schema";
import { Link } from "../../../ui/link";
import { Prose } from "../../../ui/prose";

/** The dataset's guidelines; they stay open from record to record. */
export function Guide({ queue: { id, about, guidelinesHtml } }: { queue: QueueDto }) {
  const t = useTranslate();
  return (
    <section
      aria-label={t("vote.guide")}
      tabIndex={0}
      className="max-h-[40dvh] overflow-y-auto border-b bg-surface px-4 py-3 md:px-6"
    >
      {guidelinesHtml ? (
        <Prose html={guidelinesHtml} />
      ) : (
        <p className="text-soft">
          <bdi>{about}</bdi>{" "}
          {rich(t, "screen.noGuidelines", {
            link: (words) => (
              <Link href={`/datasets/${id}`} className="underline">
                {words}
              </Link>
            ),
          })}
        </p>
      )}
    </section>
  );
}
