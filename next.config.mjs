/** @type {import("next").NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  typedRoutes: true,
  devIndicators: false,
  compress: false, // everybody is on this machine: packing a chart's points takes longer than sending them
};
