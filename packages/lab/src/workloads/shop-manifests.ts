import type { Manifest } from "../seed/manifests.ts";
import { head } from "../seed/manifests.ts";

const namespace = "shop";
const rbac = "rbac.authorization.k8s.io";
const account = "shop";

/** The shop: a web front with a volume of many small files, a worker, and one of each sort of object around them. */
export function shopManifests(): Manifest[] {
  return [
    head("v1", "Namespace", ["", namespace]),
    ...settings(),
    ...access(),
    ...storage(),
    ...web(),
    ...worker(),
  ];
}

function settings(): Manifest[] {
  return [
    {
      ...head("v1", "ConfigMap", [namespace, "shop-settings"]),
      data: { PORT: "8080", DOCUMENT_ROOT: "/var/lib/shop", CHECK_INTERVAL_MS: "5000" },
    },
    {
      ...head("v1", "ConfigMap", [namespace, "odd-keys"]),
      data: {
        "dotted.key.json": '{"nested": "value with \\"quotes\\""}\n',
        UPPER_case: "trailing space \n\n",
        "-leading-dash": "",
        unicode: "ümläut 日本語 🛒",
      },
      binaryData: { "raw.bin": Buffer.from([0, 1, 2, 253, 254, 255]).toString("base64") },
    },
    {
      ...head("v1", "Secret", [namespace, "shop-credentials"]),
      type: "Opaque",
      data: {
        username: Buffer.from("shop").toString("base64"),
        password: Buffer.from("lab-only-not-a-secret").toString("base64"),
      },
    },
  ];
}

function access(): Manifest[] {
  return [
    head("v1", "ServiceAccount", [namespace, account]),
    {
      ...head(`${rbac}/v1`, "Role", [namespace, "shop-reader"]),
      rules: [
        {
          apiGroups: [""],
          resources: ["configmaps", "endpoints"],
          verbs: ["get", "list", "watch"],
        },
      ],
    },
    binding("shop-reader", { kind: "Role", name: "shop-reader" }),
    // The way OpenShift lets a service account run with any user id.
    binding("shop-anyuid", { kind: "ClusterRole", name: "system:openshift:scc:anyuid" }),
    {
      ...head("networking.k8s.io/v1", "NetworkPolicy", [namespace, "shop-web-from-inside"]),
      spec: {
        podSelector: { matchLabels: { app: "shop", tier: "web" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 8080 }] }],
      },
    },
  ];
}

function binding(name: string, role: { kind: string; name: string }): Manifest {
  return {
    ...head(`${rbac}/v1`, "RoleBinding", [namespace, name]),
    roleRef: { apiGroup: rbac, ...role },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  };
}

function storage(): Manifest[] {
  return [
    {
      ...head("v1", "PersistentVolumeClaim", [namespace, "shop-data"]),
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "standard",
        resources: { requests: { storage: "2Gi" } },
      },
    },
    {
      ...head("image.openshift.io/v1", "ImageStream", [namespace, "shop-web"]),
      spec: { lookupPolicy: { local: false } },
    },
  ];
}

function web(): Manifest[] {
  const labels = { app: "shop", tier: "web" };
  const mount = { name: "data", mountPath: "/var/lib/shop" };
  return [
    {
      ...head("v1", "Service", [namespace, "shop-web"]),
      spec: {
        selector: labels,
        ports: [{ name: "http", protocol: "TCP", port: 8080, targetPort: "http" }],
      },
    },
    {
      ...head("route.openshift.io/v1", "Route", [namespace, "shop"]),
      spec: {
        to: { kind: "Service", name: "shop-web", weight: 100 },
        port: { targetPort: "http" },
      },
    },
    deployment("shop-web", labels, {
      serviceAccountName: account,
      initContainers: [{ name: "files", image: "drover.lab/shop-files:1", volumeMounts: [mount] }],
      containers: [
        {
          name: "web",
          image: "drover.lab/http:1",
          envFrom: [{ configMapRef: { name: "shop-settings" } }],
          ports: [{ name: "http", protocol: "TCP", containerPort: 8080 }],
          readinessProbe: { httpGet: { path: "/healthz", port: "http" } },
          volumeMounts: [mount],
        },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: "shop-data" } }],
    }),
  ];
}

function worker(): Manifest[] {
  const labels = { app: "shop", tier: "worker" };
  const key = (name: string) => ({ secretKeyRef: { name: "shop-credentials", key: name } });
  return [
    {
      ...head("v1", "Service", [namespace, "shop-worker"]),
      spec: {
        clusterIP: "None",
        selector: labels,
        ports: [{ name: "metrics", protocol: "TCP", port: 9090 }],
      },
    },
    deployment("shop-worker", labels, {
      serviceAccountName: account,
      containers: [
        {
          name: "worker",
          image: "drover.lab/shop-worker:1",
          envFrom: [{ configMapRef: { name: "shop-settings" } }],
          env: [
            { name: "SHOP_USER", valueFrom: key("username") },
            { name: "SHOP_PASSWORD", valueFrom: key("password") },
          ],
        },
      ],
    }),
  ];
}

function deployment(
  name: string,
  labels: Record<string, string>,
  spec: Record<string, unknown>,
): Manifest {
  return {
    ...head("apps/v1", "Deployment", [namespace, name]),
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      // One volume that one node may write: the old pod goes before the new one comes.
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 10, ...spec } },
    },
  };
}
