import { useTranslate } from "../../_messages/use-translate";
import { Button } from "../../ui/buttons";
import { copyText } from "../../ui/copy-text";

/** Each is of use once, for whoever has lost the phone. */
export function BackupCodes({ codes }: { codes: string[] }) {
  const t = useTranslate();
  return (
    <div role="status" className="mt-3 max-w-md rounded-md border p-3">
      <p className="text-sm">{t("access.backupAbout")}</p>
      <ul className="mt-2 grid grid-cols-2 gap-1 font-mono text-xs">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button className="mt-2" onClick={() => void copyText(codes.join("\n"), t("access.backupCopied"))}>
        {t("access.copy")}
      </Button>
    </div>
  );
}
