import type { Manifest } from "../seed/manifests.ts";
import { head } from "../seed/manifests.ts";

const labels = { app: "hello" };

/** What the user dev has in the namespace dev. */
export function devManifests(): Manifest[] {
  return [
    head("v1", "Namespace", ["", "dev"]),
    {
      ...head("v1", "ConfigMap", ["dev", "hello-pages"]),
      data: { "index.html": "<!doctype html><title>Hello</title><p>Hello from dev.</p>\n" },
    },
    {
      ...head("apps/v1", "Deployment", ["dev", "hello"]),
      metadata: { name: "hello", namespace: "dev", labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: "web",
                image: "drover.lab/http:1",
                ports: [{ name: "http", protocol: "TCP", containerPort: 8080 }],
                volumeMounts: [{ name: "pages", mountPath: "/usr/share/www" }],
                readinessProbe: { httpGet: { path: "/healthz", port: "http" } },
              },
            ],
            volumes: [{ name: "pages", configMap: { name: "hello-pages" } }],
          },
        },
      },
    },
  ];
}
