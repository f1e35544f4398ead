type Item = { key: string; path: string; mode?: number };
type FieldItem = { path: string; fieldRef?: { fieldPath: string }; mode?: number };

export type ProjectedSource = {
  serviceAccountToken?: { path: string; audience?: string; expirationSeconds?: number };
  configMap?: { name: string; items?: Item[]; optional?: boolean };
  secret?: { name: string; items?: Item[]; optional?: boolean };
  downwardAPI?: { items?: FieldItem[] };
};

/** Where a pod's volume comes from; the lab runs pods with these. */
export type VolumeSource = {
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean };
  emptyDir?: Record<string, unknown>;
  configMap?: { name: string; items?: Item[]; optional?: boolean; defaultMode?: number };
  secret?: { secretName: string; items?: Item[]; optional?: boolean; defaultMode?: number };
  projected?: { sources?: ProjectedSource[]; defaultMode?: number };
  downwardAPI?: { items?: FieldItem[]; defaultMode?: number };
  nfs?: { server: string; path: string; readOnly?: boolean };
  hostPath?: { path: string; type?: string };
};
