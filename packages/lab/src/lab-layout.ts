import { join } from "node:path";

/** Where the lab keeps what; the places are promised to people and scripts (`README.md`). */
export type LabLayout = {
  readonly kubeconfig: string;
  readonly controllerKubeconfig: string;
  readonly apiKubeconfig: string;
  /** Which program keeps the objects. */
  readonly apiServerKind: string;
  /** What was seeded already and is not seeded again. */
  readonly seeded: string;
  /** What is to go wrong, written by people. */
  readonly faults: string;
  readonly objectStoreKeys: string;
  readonly objectStoreDir: string;
  readonly oauthDir: string;
  /** Directories of NFS-like volumes, which every cluster reaches. */
  readonly nfsDir: string;
  cluster(name: string): ClusterLayout;
};

export type ClusterLayout = {
  readonly dir: string;
  readonly apiserverDir: string;
  /** Of a cluster on a real kube-apiserver: its etcd, files and logs. */
  readonly kubeServerDir: string;
  readonly volumesDir: string;
  /** File systems of volumes that have one of their own. */
  readonly volumeImagesDir: string;
  readonly podsDir: string;
  readonly hostPathDir: string;
  readonly veleroDir: string;
  readonly nfsDir: string;
};

/** The places below a state directory. */
export function labLayout(stateDir: string): LabLayout {
  const lab = join(stateDir, "lab");
  const nfsDir = join(lab, "nfs");
  return {
    kubeconfig: join(stateDir, "kubeconfig"),
    controllerKubeconfig: join(lab, "controller.kubeconfig"),
    apiKubeconfig: join(lab, "api.kubeconfig"),
    apiServerKind: join(lab, "apiserver"),
    seeded: join(lab, "seeded.json"),
    faults: join(lab, "faults.yaml"),
    objectStoreKeys: join(lab, "objectstore.json"),
    objectStoreDir: join(lab, "objectstore"),
    oauthDir: join(lab, "oauth"),
    nfsDir,
    cluster(name) {
      const dir = join(lab, name);
      return {
        dir,
        apiserverDir: join(dir, "apiserver"),
        kubeServerDir: join(dir, "kube-apiserver"),
        volumesDir: join(dir, "volumes"),
        volumeImagesDir: join(dir, "volume-images"),
        podsDir: join(dir, "pods"),
        hostPathDir: join(dir, "hostpath"),
        veleroDir: join(dir, "velero"),
        nfsDir,
      };
    },
  };
}
