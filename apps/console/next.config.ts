import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const workspace = fileURLToPath(new URL("../..", import.meta.url));

/** A static export: the API serves it, so that there is one process and one origin (docs/decisions). */
const config: NextConfig = {
  output: "export",
  transpilePackages: ["@drover/contract", "@drover/crds"],
  outputFileTracingRoot: workspace,
  turbopack: { root: workspace },
  images: { unoptimized: true },
  reactStrictMode: true,
};

export default config;
