import "./require-node.mjs";

void import("./bootstrap.mjs").then(({ runWithToolchain }) =>
  runWithToolchain("run-conformance.ts"),
);
