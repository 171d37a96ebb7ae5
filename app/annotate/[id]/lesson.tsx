import type { Choice, TaskDto } from "@/lib/judgements/schema";
import { Button, Key } from "../../ui/buttons";
import { bannerShape } from "./banners";
import { sayChoice } from "./keys";

const rightWords = { left: "A is better", right: "B is better", tie: "neither is better", both_bad: "both are bad" };

/** After a vote on a gold pair of the training round: what is right, and why. */
export function Lesson({ task, choice, onGo }: { task: TaskDto; choice: Choice; onGo: () => void }) {
  const { right, because } = task.lesson!;
  return (
    <section
      role="status"
      aria-label="Lesson"
      className={`${bannerShape} ${choice.kind === right ? "bg-good/10" : "bg-warn/10"}`}
    >
      <span>
        <strong>
          {choice.kind === right ? "So it is" : "Not quite"}: {rightWords[right]}.
        </strong>{" "}
        {because} You said: {sayChoice(choice)}.
      </span>
      <Button kind="primary" className="ml-auto" onClick={onGo}>
        <Key>Enter</Key> go on
      </Button>
    </section>
  );
}
