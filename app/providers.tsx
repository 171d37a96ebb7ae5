"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Toaster } from "sonner";
import { getQueryClient } from "./get-query-client";

export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={getQueryClient()}>
      {children}
      <Toaster
        position="bottom-right"
        toastOptions={{ style: { background: "var(--surface)", color: "var(--ink)", borderColor: "var(--line)" } }}
      />
    </QueryClientProvider>
  );
}
