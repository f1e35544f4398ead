import type { Cluster } from "@drover/kube";
import { Secret, Service } from "../node/kinds/cluster-objects.ts";
import { typeOf } from "../node/kinds/lab-kind.ts";
import { accountToken } from "../seed/account-token.ts";
import { applyAll, head } from "../seed/manifests.ts";
import type { Manifest } from "../seed/manifests.ts";
import { issueCertificate } from "../tls/certificate-authority.ts";
import type { KeyPair } from "../tls/certificate-authority.ts";
import {
  publicRegistryHost,
  registryNamespace,
  registryPort,
  registryRoute,
  registryService,
} from "./registry-names.ts";
import { registryMounts } from "./registry-program.ts";

const account = "registry";
const clusterRole = "system:registry";
const tokenSecret = `${account}-token`;
const certificateSecret = `${registryService}-tls`;
const labels = { "docker-registry": "default" };

export type InstallOptions = {
  /** As its administrator. */
  readonly cluster: Cluster;
  /** What hosts of Routes end with. */
  readonly routeDomain: string;
  /** Signs the registry's certificate. */
  readonly authority: KeyPair;
};

/** Gives a cluster its registry as OpenShift does: a Deployment behind a Service and a Route. Returns where it is reached. */
export async function installRegistry(options: InstallOptions): Promise<string> {
  const { cluster, routeDomain } = options;
  await applyAll(cluster, [...accountManifests(), serviceManifest()]);
  const ref = { namespace: registryNamespace, name: registryService };
  const address = (await cluster.get(Service, ref)).spec.clusterIP ?? "";
  await ensureCertificate(options, address);
  await accountToken(cluster, account, registryNamespace);
  await applyAll(cluster, [deploymentManifest(), routeManifest(routeDomain)]);
  return `${address}:${registryPort}`;
}

/** Issued once: whoever trusts it goes on trusting it after a restart. */
async function ensureCertificate(
  { cluster, routeDomain, authority }: InstallOptions,
  address: string,
): Promise<void> {
  const metadata = { namespace: registryNamespace, name: certificateSecret };
  const known = await cluster.find(Secret, metadata);
  if (known?.metadata.annotations?.["lab.drover.dev/address"] === address) return;
  const inside = `${registryService}.${registryNamespace}.svc`;
  const hosts = [inside, `${inside}.cluster.local`, publicRegistryHost(routeDomain), address];
  const { certPem, keyPem } = await issueCertificate(authority, { commonName: inside, hosts });
  const secret: Secret = {
    ...typeOf(Secret),
    metadata: { ...metadata, annotations: { "lab.drover.dev/address": address } },
    type: "kubernetes.io/tls",
    data: { "tls.crt": base64(certPem), "tls.key": base64(keyPem) },
  };
  await cluster.apply(Secret, secret, { fieldManager: "drover-lab" });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function accountManifests(): Manifest[] {
  const rbac = "rbac.authorization.k8s.io";
  return [
    head("v1", "Namespace", ["", registryNamespace]),
    head("v1", "ServiceAccount", [registryNamespace, account]),
    {
      ...head("v1", "Secret", [registryNamespace, tokenSecret]),
      metadata: {
        name: tokenSecret,
        namespace: registryNamespace,
        annotations: { "kubernetes.io/service-account.name": account },
      },
      type: "kubernetes.io/service-account-token",
    },
    {
      ...head(`${rbac}/v1`, "ClusterRole", ["", clusterRole]),
      rules: [
        {
          apiGroups: ["image.openshift.io"],
          resources: ["imagestreams"],
          verbs: ["get", "list", "create"],
        },
        {
          apiGroups: ["image.openshift.io"],
          resources: ["imagestreams/status"],
          verbs: ["update", "patch"],
        },
        {
          apiGroups: ["authorization.k8s.io"],
          resources: ["subjectaccessreviews"],
          verbs: ["create"],
        },
        { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
      ],
    },
    {
      ...head(`${rbac}/v1`, "ClusterRoleBinding", ["", "registry-registry-role"]),
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: clusterRole },
      subjects: [{ kind: "ServiceAccount", name: account, namespace: registryNamespace }],
    },
  ];
}

function serviceManifest(): Manifest {
  const port = { name: "5000-tcp", port: registryPort, targetPort: registryPort, protocol: "TCP" };
  return {
    ...head("v1", "Service", [registryNamespace, registryService]),
    metadata: { name: registryService, namespace: registryNamespace, labels },
    spec: { selector: labels, ports: [port] },
  };
}

function deploymentManifest(): Manifest {
  const { data, certificate, account: accountDir } = registryMounts;
  return {
    ...head("apps/v1", "Deployment", [registryNamespace, registryService]),
    metadata: { name: registryService, namespace: registryNamespace, labels },
    spec: {
      replicas: 1,
      // One folder, and uploads that only one process may write.
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: account,
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: "registry",
              image: "drover.lab/image-registry:1",
              ports: [{ containerPort: registryPort, protocol: "TCP" }],
              readinessProbe: {
                httpGet: { path: "/healthz", port: registryPort, scheme: "HTTPS" },
              },
              volumeMounts: [
                { name: "registry-storage", mountPath: data },
                { name: "registry-tls", mountPath: certificate },
                { name: "registry-account", mountPath: accountDir },
              ],
            },
          ],
          volumes: [
            { name: "registry-storage", hostPath: { path: "/var/lib/image-registry" } },
            { name: "registry-tls", secret: { secretName: certificateSecret } },
            { name: "registry-account", secret: { secretName: tokenSecret } },
          ],
        },
      },
    },
  };
}

function routeManifest(routeDomain: string): Manifest {
  return {
    ...head("route.openshift.io/v1", "Route", [registryNamespace, registryRoute]),
    spec: {
      host: publicRegistryHost(routeDomain),
      to: { kind: "Service", name: registryService, weight: 100 },
      port: { targetPort: "5000-tcp" },
      tls: { termination: "passthrough" },
    },
  };
}
