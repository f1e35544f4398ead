export type Cluster = { name: string };
