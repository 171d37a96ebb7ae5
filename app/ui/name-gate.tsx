"use client";

import { Suspense } from "react";
import { lazily } from "./lazily";

const NameForm = lazily(() => import("./name-form").then(({ NameForm }) => NameForm));

/** In the place of a page that needs to know who is annotating. Loaded by itself: who has a name never sees it. */
export const NameGate = () => (
  <Suspense>
    <NameForm />
  </Suspense>
);
