// Messages with parts of a page in them. By itself: the annotation screen begins without any.
import { createElement, Fragment, type ReactNode } from "react";
import { formatted } from "@/common/translate";
import type { MessageKey } from "@/lib/messages/messages";
import type { Translate } from "../_messages/translate";
import { Key } from "./buttons";

type Tag = (children: ReactNode[]) => ReactNode;

const tags: Record<string, Tag> = {
  k: (children) => createElement(Key, null, ...children),
  b: (children) => createElement("strong", null, ...children),
};

/** `<k>` is a key, `<b>` important; other tags are given. */
export function rich(
  { language, messages }: Translate,
  key: MessageKey,
  values: Record<string, string | number | Tag> = {},
): ReactNode {
  const parts = formatted<ReactNode>(language, messages[key] ?? key, { ...tags, ...values });
  return createElement(Fragment, null, ...(Array.isArray(parts) ? parts : [parts]));
}
