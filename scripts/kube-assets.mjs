import "./require-node.mjs";

void import("./bootstrap.mjs").then(({ runWithToolchain }) =>
  runWithToolchain("fetch-kube-assets.ts"),
);
