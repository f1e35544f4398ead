import { z } from "zod";

/** Which of a plan's clusters an object is on. */
export const ClusterRole = z.enum(["host", "source", "target"]);
export type ClusterRole = z.infer<typeof ClusterRole>;

/** How an object of a migration stands, in one word for the icon and one line for the person. */
export const NodeStatus = z.object({
  state: z.enum(["pending", "running", "succeeded", "warning", "failed", "unknown"]),
  text: z.string(),
  /** 0–100 where the object reports it. */
  percent: z.number().min(0).max(100).optional(),
});
export type NodeStatus = z.infer<typeof NodeStatus>;

/** One object of a migration and those that belong to it. Shape: Plan → Migration → Backup, Restore, … */
export type TreeNode = {
  /** Stable while the object lives: cluster, kind, namespace and name. */
  id: string;
  kind: string;
  apiVersion: string;
  /** Plural resource name, for links and `oc` commands. */
  plural: string;
  namespace?: string | undefined;
  name: string;
  uid: string;
  /** The MigCluster's name. */
  cluster: string;
  role: ClusterRole;
  createdAt: string;
  status: NodeStatus;
  children: TreeNode[];
};
export const TreeNode: z.ZodType<TreeNode> = z.object({
  id: z.string(),
  kind: z.string(),
  apiVersion: z.string(),
  plural: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  uid: z.string(),
  cluster: z.string(),
  role: ClusterRole,
  createdAt: z.string(),
  status: NodeStatus,
  get children() {
    return z.array(TreeNode);
  },
});

/** `GET /api/migrations/:name/tree`. `missing` names clusters that could not be read, with the reason. */
export const MigrationTree = z.object({
  root: TreeNode,
  missing: z.array(z.object({ cluster: z.string(), reason: z.string() })),
});
export type MigrationTree = z.infer<typeof MigrationTree>;
