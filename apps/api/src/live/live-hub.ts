import type { LiveResource } from "@drover/contract";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { liveStore } from "@drover/kube";
import type { Cluster, LiveStore } from "@drover/kube";
import { openChangeLog } from "./change-log.ts";
import type { ChangeLog, LoggedChange } from "./change-log.ts";
import { liveKinds, liveResources } from "./live-kinds.ts";
import type { LiveObject } from "./live-kinds.ts";

/** The migration resources of the host cluster, kept by one watch each for however many readers. */
export type LiveHub = {
  readonly log: ChangeLog;
  readonly ready: Promise<unknown>;
  readonly list: <R extends LiveResource>(resource: R) => readonly LiveObject<R>[];
  readonly find: <R extends LiveResource>(resource: R, name: string) => LiveObject<R> | undefined;
  readonly subscribe: (listener: (change: LoggedChange) => void) => () => void;
  readonly problems: () => readonly { readonly resource: LiveResource; readonly message: string }[];
  readonly ages: () => readonly { readonly resource: LiveResource; readonly seconds: number }[];
  readonly close: () => void;
};

type HubOptions = {
  readonly host: Cluster;
  readonly namespace: string;
  readonly onProblem: (resource: LiveResource, problem: unknown) => void;
};

export function openLiveHub({ host, namespace, onProblem }: HubOptions): LiveHub {
  const log = openChangeLog();
  const listeners = new Set<(change: LoggedChange) => void>();
  const synced = new Set<LiveResource>();

  const open = (resource: LiveResource): LiveStore<KubeObject> => {
    const kind: ResourceKind = liveKinds[resource];
    const store = liveStore(host, kind, {
      namespace,
      onProblem: (problem) => onProblem(resource, problem),
    });
    store.subscribe(({ type, object }) => {
      const change = log.record(resource, type === "DELETED" ? "delete" : "upsert", object);
      for (const listener of listeners) listener(change);
    });
    store.ready.then(
      () => synced.add(resource),
      () => synced.delete(resource),
    );
    return store;
  };
  const stores = new Map(liveResources.map((resource) => [resource, open(resource)]));
  const storeOf = <R extends LiveResource>(resource: R): LiveStore<LiveObject<R>> => {
    const store = stores.get(resource);
    if (store === undefined) throw new Error(`${resource} is not kept live.`);
    // The map is built from liveKinds, so that the store under a name holds that name's kind.
    return store as unknown as LiveStore<LiveObject<R>>;
  };

  return {
    log,
    ready: Promise.all([...stores.values()].map((store) => store.ready)),
    list: (resource) => storeOf(resource).list(),
    find: (resource, name) => storeOf(resource).get({ namespace, name }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    problems: () =>
      [...stores].flatMap(([resource, store]) => {
        const message = store.problem()?.message;
        if (message !== undefined) return [{ resource, message }];
        return synced.has(resource)
          ? []
          : [{ resource, message: `${resource} were not read yet.` }];
      }),
    ages: () =>
      [...stores].map(([resource, store]) => ({
        resource,
        seconds: store.lastEventAgeMs() / 1000,
      })),
    close: () => {
      listeners.clear();
      for (const store of stores.values()) store.close();
    },
  };
}
