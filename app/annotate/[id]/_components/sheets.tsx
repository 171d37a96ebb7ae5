// The windows over the annotation screen.
import { useRef } from "react";
import { useTranslate } from "@/app/_messages/use-translate";
import { Key } from "../../../ui/buttons";
import { KeyList } from "./key-list";
import { type Action, keySign } from "./keys";
import { NativeDialog } from "./native-dialog";

interface Props {
  actions: Action[];
  disabled: string[];
  /** Whether the record has an address of its own. */
  hasLink: boolean;
  act: (action: Action) => void;
  onClose: () => void;
}

/** Everything beside the votes: a sheet at the bottom of phones, a dialog elsewhere. */
export function MoreSheet({ actions, disabled, hasLink, act, onClose }: Props) {
  const t = useTranslate();
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  const copy = () => {
    close();
    void navigator.clipboard.writeText(window.location.href);
  };
  const row = "flex min-h-11 w-full items-center gap-3 rounded-md px-3 text-start hover:bg-raised disabled:opacity-50";
  return (
    <NativeDialog of={dialog} label={t("screen.more")} look="w-[min(92vw,22rem)] max-md:mb-2" onClose={onClose}>
      <ul>
        {actions
          .filter(({ choice }) => choice?.kind !== "left" && choice?.kind !== "right" && choice?.kind !== "tie")
          .map((action) => (
            <li key={action.id}>
              <button
                type="button"
                disabled={disabled.includes(action.id)}
                onClick={() => {
                  close();
                  act(action);
                }}
                className={row}
              >
                <Key>
                  {action.shift && "⇧ "}
                  {keySign(action.key, t)}
                </Key>
                {action.label}
              </button>
            </li>
          ))}
        {hasLink && (
          <li>
            <button type="button" onClick={copy} className={row}>
              {t("screen.copyLink")}
            </button>
          </li>
        )}
      </ul>
    </NativeDialog>
  );
}

/** The list of keyboard shortcuts. */
export function KeySheet({ actions, onClose }: Pick<Props, "actions" | "onClose">) {
  const t = useTranslate();
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <NativeDialog of={dialog} label={t("keys.title")} look="max-h-[85dvh] w-[min(92vw,30rem)]" onClose={onClose}>
      <KeyList actions={actions} onClose={() => dialog.current?.close()} />
    </NativeDialog>
  );
}
