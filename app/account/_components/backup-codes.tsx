import { Button } from "../../ui/buttons";
import { copyText } from "../../ui/copy-text";

/** Each is of use once, for whoever has lost the phone. */
export const BackupCodes = ({ codes }: { codes: string[] }) => (
  <div role="status" className="mt-3 max-w-md rounded-md border p-3">
    <p className="text-sm">
      Backup codes, for when you do not have your phone: each lets in once. They are shown once; keep them elsewhere.
    </p>
    <ul className="mt-2 grid grid-cols-2 gap-1 font-mono text-xs">
      {codes.map((code) => (
        <li key={code}>{code}</li>
      ))}
    </ul>
    <Button className="mt-2" onClick={() => void copyText(codes.join("\n"), "The backup codes are copied.")}>
      Copy
    </Button>
  </div>
);
