import type { CheckCluster, ConnectionCheck, CreateCluster, UpdateCluster } from "@drover/contract";
import type { MigCluster } from "@drover/crds";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../shared/api/client.ts";
import { resourceQuery } from "../../shared/api/resources.ts";

// The live stream brings the change too; reading again here answers the person's own click without waiting for it.
function useReread(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: resourceQuery("migclusters").queryKey });
}

export function useCreateCluster() {
  const onSettled = useReread();
  return useMutation({
    mutationFn: (cluster: CreateCluster) => api.post<MigCluster>("/clusters", cluster),
    onSettled,
  });
}

export function useUpdateCluster(name: string) {
  const onSettled = useReread();
  return useMutation({
    mutationFn: (cluster: UpdateCluster) => api.put<MigCluster>(`/clusters/${name}`, cluster),
    onSettled,
  });
}

export function useRemoveCluster(name: string) {
  const onSettled = useReread();
  return useMutation<unknown, unknown, void>({
    mutationFn: () => api.delete(`/clusters/${name}`),
    onSettled,
  });
}

/** Tries a connection without saving anything. */
export function useCheckCluster() {
  return useMutation({
    mutationFn: (cluster: CheckCluster) => api.post<ConnectionCheck>("/clusters/check", cluster),
  });
}
