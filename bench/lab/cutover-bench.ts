import { MigMigration, MigPlan, hasCondition, isReady } from "@drover/crds";
import type { Bench } from "../measurement.ts";
import { NAMESPACE, createPlan, startProduct, until, type Product } from "./product.ts";

/** A living application with one small volume, from the order to its end. */
export const cutoverBench: Bench = {
  name: "cutover",
  async run(_sizes, directory) {
    const product = await startProduct(directory, {});
    try {
      await createPlan(product, { name: "ledger", namespaces: ["ledger"] });
      await until(product.host, { kind: MigPlan, name: "ledger" }, isReady);
      const seconds = await cutOver(product);
      return [
        {
          what: "cutover of `ledger`, from MigMigration to Completed, copy and proof included",
          value: `${seconds.toFixed(2)} s`,
          target: "≤ 2 s of controller time with no data",
          anchor: "upstream: 5.1 s floor by its constants, 40–110 s in practice",
        },
      ];
    } finally {
      await product.close();
    }
  },
};

async function cutOver({ host }: Product): Promise<number> {
  const startedAt = performance.now();
  await host.create(MigMigration, {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigMigration",
    metadata: { name: "cutover", namespace: NAMESPACE },
    spec: {
      migPlanRef: { name: "ledger", namespace: NAMESPACE },
      stage: false,
      quiescePods: true,
    },
  });
  const run = await until(
    host,
    { kind: MigMigration, name: "cutover" },
    ({ status }) => status?.phase === "Completed",
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const conditions = run.status?.conditions;
  if (hasCondition(conditions, "Succeeded", "SucceededWithWarnings")) return seconds;
  throw new Error(`The cutover did not succeed: ${JSON.stringify(conditions)}`);
}
