import { Button } from "./buttons";
import { Progress } from "./cards";

interface Props {
  said: string;
  /** Null while it is not known how much there is. */
  progress: number | null;
  onCancel: () => void;
}

/** How far a job is, with a button that cancels it. */
export function AtWork({ said, progress, onCancel }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-md border p-3">
      <div className="min-w-48 flex-1">
        <p role="status" className="numbers mb-1.5">
          {said || "Reading…"}
        </p>
        {progress !== null && <Progress value={progress} label="Progress" />}
      </div>
      <Button onClick={onCancel}>Cancel</Button>
    </div>
  );
}
