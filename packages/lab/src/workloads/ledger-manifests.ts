import type { Manifest } from "../seed/manifests.ts";
import { head } from "../seed/manifests.ts";

const namespace = "ledger";
const labels = { app: "ledger" };

/** The ledger: one pod that appends to one volume and refuses to go on from a broken one. */
export function ledgerManifests(): Manifest[] {
  return [
    head("v1", "Namespace", ["", namespace]),
    {
      ...head("v1", "Service", [namespace, "ledger"]),
      spec: {
        clusterIP: "None",
        selector: labels,
        ports: [{ name: "none", protocol: "TCP", port: 80 }],
      },
    },
    {
      ...head("apps/v1", "StatefulSet", [namespace, "ledger"]),
      metadata: { name: "ledger", namespace, labels },
      spec: {
        replicas: 1,
        serviceName: "ledger",
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            terminationGracePeriodSeconds: 10,
            containers: [
              {
                name: "ledger",
                image: "drover.lab/ledger:1",
                env: [{ name: "LEDGER_DIR", value: "/var/lib/ledger" }],
                volumeMounts: [{ name: "ledger-data", mountPath: "/var/lib/ledger" }],
              },
            ],
          },
        },
        volumeClaimTemplates: [
          {
            metadata: { name: "ledger-data", labels },
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: "standard",
              resources: { requests: { storage: "1Gi" } },
            },
          },
        ],
      },
    },
  ];
}
