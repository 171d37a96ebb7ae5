import { type ComponentType, lazy, type ReactNode } from "react";

/** A part that is loaded by itself. Where the server does not answer at that moment, the page goes on with `missing` in its place rather than not at all. */
export const lazily = <Props>(load: () => Promise<ComponentType<Props>>, missing: () => ReactNode = () => null) =>
  lazy(
    (): Promise<{ default: ComponentType<Props> }> =>
      load().then(
        (part) => ({ default: part }),
        () => ({ default: missing }),
      ),
  );
