import { join } from "node:path";
import { Service } from "../kinds/cluster-objects.ts";
import { nameOf, namespaceOf } from "../kinds/lab-kind.ts";
import type { Container } from "../kinds/pod.ts";
import { containerDir } from "./pod-directory.ts";
import { containerEnv, expand } from "./pod-env.ts";
import { prepareRoot } from "./container-root.ts";
import type { ContainerRoot } from "./container-root.ts";
import type { PodScope } from "./pod-scope.ts";

/** What a container needs before it starts. Throws a sentence for its status when something is missing. */
export async function startContext(
  scope: PodScope,
  container: Container,
): Promise<{ env: Record<string, string>; root: ContainerRoot }> {
  const pod = scope.pod();
  const services = scope.view.watch(Service);
  await services.ready;
  const env = await containerEnv(pod, container, {
    cluster: scope.view.cluster,
    podIP: scope.podIP,
    services: services.list(namespaceOf(pod)),
    base: { HOSTNAME: pod.spec.hostname ?? nameOf(pod), ...scope.baseEnv },
  });
  const root = await prepareRoot(pod, container, {
    rootDir: join(containerDir(scope.podDir, container.name), "root"),
    volumes: scope.volumes,
    expand: (text) => expand(text, env),
  });
  return { env, root };
}
