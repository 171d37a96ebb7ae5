"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { config } from "zod/v4/core";
import { getQueryClient } from "./get-query-client";

// Zod would try whether it may write code of its own; the page's policy (proxy.ts) forbids that, and the browser would report the attempt.
config({ jitless: true });

export function Providers({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={getQueryClient()}>{children}</QueryClientProvider>;
}
