/** Of every answer. Pages get a policy for their scripts as well, in proxy.ts; what the API sends is data and no page. */
const headers = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];
const dataPolicy = { key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'; sandbox" };

/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  typedRoutes: true,
  outputFileTracingExcludes: { "/**": ["**/*"] }, // which files a copy elsewhere would need: it runs in this folder
  // Bundled, every route would have a copy of its own of these.
  serverExternalPackages: ["better-auth", "@better-auth/passkey", "drizzle-orm", "nodemailer", "pino", "zod"],
  typescript: { ignoreBuildErrors: true }, // `npm test` checks the types of everything, tests included; here it takes a minute of two processors
  experimental: {
    authInterrupts: true, // forbidden() of lib/access/allow.ts
    preloadEntriesOnStart: false, // a page is read when it is first asked for: a server that few pages are asked of stays small
    turbopackSourceMaps: false, // nobody reads them, and they are four fifths of the build
  },
  // Node's `process` for browsers: Next imports it into every page, and nothing reads it there.
  turbopack: { resolveAlias: { "next/dist/build/polyfills/process": { browser: "./scripts/no-process.cjs" } } },
  devIndicators: false,
  compress: false, // everybody is on this machine: packing a chart's points takes longer than sending them
  redirects: async () => [
    { source: "/data/:id/doctor", destination: "/datasets/:id/quality", permanent: true },
    { source: "/data/:id/review", destination: "/datasets/:id/adjudication", permanent: true },
    { source: "/storage", destination: "/settings/storage", permanent: true },
    { source: "/runs/:id/chat", destination: "/chat?a=:id", permanent: true },
    { source: "/data/:path*", destination: "/datasets/:path*", permanent: true },
  ],
  headers: async () => [
    { source: "/:path*", headers },
    { source: "/api/:path*", headers: [dataPolicy] },
  ],
};
