// `npx drizzle-kit generate` writes the next migration of app.db, with DB=metrics that of metrics.db; then add STRICT by hand.
import { defineConfig } from "drizzle-kit";

const metrics = process.env.DB === "metrics";

export default defineConfig({
  dialect: "sqlite",
  casing: "snake_case",
  schema: metrics ? "./lib/db/metrics-schema.ts" : "./lib/db/schema.ts",
  out: metrics ? "./lib/db/migrations/metrics" : "./lib/db/migrations/app",
});
