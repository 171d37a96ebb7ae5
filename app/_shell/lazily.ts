import { type ComponentType, lazy } from "react";

/** A part that is loaded by itself. Where the server does not answer at that moment, the page goes on without it rather than not at all. */
export const lazily = <Props>(load: () => Promise<ComponentType<Props>>) =>
  lazy(
    (): Promise<{ default: ComponentType<Props> }> =>
      load().then(
        (part) => ({ default: part }),
        () => ({ default: () => null }),
      ),
  );
